import type { AudienceRow } from '../../state/rows'

/** Viewers against buyers in one dimension. Pure. */
export interface Slice {
  value: string
  viewers: number
  /** Share among all viewers, and among all buyers, of the dimension; null without any. */
  viewerShare: number | null
  buyerShare: number | null
  tgi: number | null
}

export const DIMENSIONS = ['gender', 'age', 'crowd', 'fan', 'customer', 'province'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/**
 * Values that have an order of their own; others, such as a platform's own bands of age, follow by their number of viewers. Behind them what
 * a room has too many values to count apart (streams/names.py), and who is not known.
 */
const FIXED: Partial<Record<Dimension, readonly string[]>> = {
  gender: ['f', 'm'],
  age: ['<18', '18-23', '24-30', '31-40', '41-50', '50+'],
  fan: ['true', 'false'],
  customer: ['new', 'old'],
}

export const OVERFLOW = 'overflow'

function place(dimension: Dimension, value: string): number {
  if (value === 'unknown') return 1_000
  if (value === OVERFLOW) return 900
  const found = FIXED[dimension]?.indexOf(value) ?? -1
  return found < 0 ? 500 : found
}

export function slices(rows: Iterable<AudienceRow>, dimension: Dimension): Slice[] {
  const mine = [...rows].filter((row) => row.dimension === dimension)
  const viewers = mine.reduce((sum, row) => sum + row.viewers, 0)
  const buyers = mine.reduce((sum, row) => sum + row.buyers, 0)
  const made = mine.map((row) => ({
    value: row.value,
    viewers: row.viewers,
    viewerShare: viewers ? row.viewers / viewers : null,
    buyerShare: buyers ? row.buyers / buyers : null,
    tgi: row.tgi,
  }))
  return made.sort((a, b) => place(dimension, a.value) - place(dimension, b.value) || b.viewers - a.viewers)
}

export interface Difference {
  dimension: Dimension
  value: string
  times: number
}

const MIN_SHARE = 0.05
const MIN_TIMES = 1.25
const MIN_BUYERS = 30
/** Of a slice with fewer buyers than this, and fewer to be expected, nothing can be said. */
const MIN_SLICE = 10

/** Where buyers differ most from viewers: large enough slices only, the strongest first. */
export function differences(rows: readonly AudienceRow[], most: number): Difference[] {
  const found: Difference[] = []
  for (const dimension of DIMENSIONS) {
    const buyers = rows.reduce((sum, row) => sum + (row.dimension === dimension ? row.buyers : 0), 0)
    if (buyers < MIN_BUYERS) continue
    for (const { value, viewerShare, buyerShare } of slices(rows, dimension)) {
      if (value === 'unknown' || value === OVERFLOW || !viewerShare || buyerShare === null) continue
      if (Math.max(viewerShare, buyerShare) < MIN_SHARE || Math.max(viewerShare, buyerShare) * buyers < MIN_SLICE) continue
      const times = buyerShare / viewerShare
      if (Math.max(times, 1 / times) >= MIN_TIMES) found.push({ dimension, value, times })
    }
  }
  const strength = ({ times }: Difference) => Math.abs(Math.log(times))
  return found.sort((a, b) => strength(b) - strength(a)).slice(0, most)
}

/** Watching, paid, watching but not paid in the last five minutes: every dimension holds everybody, so one is enough. */
export function lastFive(rows: Iterable<AudienceRow>): { watching: number; paid: number; unpaid: number } {
  const sum = { watching: 0, paid: 0, unpaid: 0 }
  for (const row of rows) {
    if (row.dimension !== 'gender') continue
    sum.watching += row.watching
    sum.paid += row.paid
    sum.unpaid += row.unpaid
  }
  return sum
}
