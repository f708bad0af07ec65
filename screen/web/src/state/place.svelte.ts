/** What of a page stands in its address, so that a reload, Back and a link for somebody else show the same: `?name=value`. */
class Place {
  private search = $state(typeof location === 'undefined' ? '' : location.search)

  constructor() {
    if (typeof addEventListener !== 'undefined') addEventListener('popstate', () => (this.search = location.search))
  }

  /** The text that stands in the address under this name, else `otherwise`. */
  get(name: string, otherwise = ''): string {
    return new URLSearchParams(this.search).get(name) ?? otherwise
  }

  /** One of the known values; what is no such value is the first. */
  choice<T extends string>(name: string, known: readonly [T, ...T[]]): T {
    const said = this.get(name)
    return known.find((one) => one === said) ?? known[0]
  }

  /** Puts it there; what is `otherwise` anyway is left out. A choice is no page of its own: Back leads to the page before. */
  set(name: string, value: string, otherwise = ''): void {
    const params = new URLSearchParams(this.search)
    if (value === otherwise) params.delete(name)
    else params.set(name, value)
    const search = params.size ? `?${params}` : ''
    history.replaceState(history.state, '', location.pathname + search + location.hash)
    this.search = search
  }

  /** `?…` as it stands now, to take along. */
  get all(): string {
    return this.search
  }
}

export const place = new Place()
