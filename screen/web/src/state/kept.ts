/** What a browser remembers. Where storage is refused (private windows, policies), choices last as long as the page. */

const PREFIX = 'livescreen.'

export function kept<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(PREFIX + name)
    return text === null ? otherwise : (JSON.parse(text) as T)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DOMException) return otherwise
    throw error
  }
}

export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value))
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
}
