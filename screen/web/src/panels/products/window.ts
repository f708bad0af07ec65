/** Which rows of a long list are drawn: those in sight and a few beyond. Indexes half-open. */
export interface Slice {
  from: number
  to: number
  above: number
  below: number
}

const BEYOND = 6

export function visible(count: number, rowPx: number, scrollPx: number, heightPx: number): Slice {
  const from = Math.min(Math.max(0, Math.floor(scrollPx / rowPx) - BEYOND), Math.max(0, count - 1))
  const to = Math.min(count, Math.ceil((scrollPx + heightPx) / rowPx) + BEYOND)
  return { from, to: Math.max(from, to), above: from * rowPx, below: Math.max(0, count - Math.max(from, to)) * rowPx }
}
