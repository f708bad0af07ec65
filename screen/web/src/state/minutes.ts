import type { Unit } from '../text/format'
import type { Figures, Num } from './rows'

export const MINUTE_MS = 60_000
/** Over a longer span minutes without an event are left out instead of filled in. */
const LONGEST_FILLED = 48 * 60

export interface Minute {
  at: number
  figures: Figures
}

const NOTHING: Figures = {}

/** The minutes in order of time, those in which nothing happened among them. */
export function inOrder(rows: ReadonlyMap<string, Figures>): Minute[] {
  const known = [...rows].map(([at, figures]) => ({ at: Number(at), figures })).sort((a, b) => a.at - b.at)
  const [first, last] = [known.at(0), known.at(-1)]
  if (!first || !last || (last.at - first.at) / MINUTE_MS > LONGEST_FILLED) return known
  const filled: Minute[] = []
  for (const minute of known) {
    for (let at = (filled.at(-1)?.at ?? minute.at) + MINUTE_MS; at < minute.at; at += MINUTE_MS) filled.push({ at, figures: NOTHING })
    filled.push(minute)
  }
  return filled
}

/** Every minute of [from, to), those in which nothing happened among them. Times in ms. */
export function spanning(rows: ReadonlyMap<number, Figures>, from: number, to: number): Minute[] {
  const all: Minute[] = []
  for (let at = Math.max(Math.floor(from / MINUTE_MS), Math.ceil(to / MINUTE_MS) - LONGEST_FILLED) * MINUTE_MS; at < to; at += MINUTE_MS) all.push({ at, figures: rows.get(at) ?? NOTHING })
  return all
}

const COUNTED_MONEY = new Set(['gmv', 'refund_amount'])

/** A metric's value in a minute: where nothing happened counts are 0, and a ratio has no value. */
export function valueIn({ figures }: Minute, metric: string, unit: Unit): Num {
  const value = figures[metric]
  if (value !== undefined) return value
  if (figures !== NOTHING) return null
  return unit === 'count' || unit === 'people' || COUNTED_MONEY.has(metric) ? 0 : null
}

/** Without the minute that is still running: half a minute's count looks like a fall. */
export function finished(minutes: readonly Minute[], now: number): readonly Minute[] {
  const last = minutes.at(-1)
  return last && minutes.length > 2 && last.at + MINUTE_MS > now ? minutes.slice(0, -1) : minutes
}

/** One metric of the last `length` minutes. */
export function series(minutes: readonly Minute[], metric: string, unit: Unit, length: number): Num[] {
  return minutes.slice(-length).map((minute) => valueIn(minute, metric, unit))
}

/** Those of the last `length` minutes; 0: all. */
export function within(minutes: readonly Minute[], length: number): readonly Minute[] {
  const last = minutes.at(-1)
  if (!length || !last) return minutes
  return minutes.filter(({ at }) => at > last.at - length * MINUTE_MS)
}

/** The first and the last of the minutes, ms. */
export function ends(minutes: readonly Minute[]): { first: number; last: number } {
  return { first: minutes.at(0)?.at ?? 0, last: minutes.at(-1)?.at ?? 0 }
}

/** The same minutes with other figures: a source's beside the room's. */
export function along(minutes: readonly Minute[], rows: ReadonlyMap<number, Figures>): Minute[] {
  return minutes.map(({ at }) => ({ at, figures: rows.get(at) ?? NOTHING }))
}
