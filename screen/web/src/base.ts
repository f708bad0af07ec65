/** The path under which the application lies on its host, "" at its root: the server writes it into the page. */
export const BASE: string = typeof document === 'undefined' ? '' : baseOf(document.querySelector<HTMLMetaElement>('meta[name="base"]')?.content)

export function baseOf(content = ''): string {
  return content.replace(/\/+$/, '')
}

/** One of our own paths ("/api/rooms"), as it is asked for. */
export function here(path: string): string {
  return BASE + path
}

/** What follows the base path in an address of this page. */
export function inside(path: string, base = BASE): string {
  return base && (path === base || path.startsWith(`${base}/`)) ? path.slice(base.length) : path
}

/** The login page, which leads back to where one is. */
export function loginPath({ pathname, search, hash }: Pick<Location, 'pathname' | 'search' | 'hash'> = location): string {
  return here(`/login?next=${encodeURIComponent(pathname + search + hash)}`)
}
