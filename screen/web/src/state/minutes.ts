import type { Figures, Num } from './rows'

export const MINUTE_MS = 60_000

export interface Minute {
  at: number
  figures: Figures
}

/** The minutes in order of time. */
export function inOrder(rows: ReadonlyMap<string, Figures>): Minute[] {
  return [...rows].map(([at, figures]) => ({ at: Number(at), figures })).sort((a, b) => a.at - b.at)
}

/** Without the minute that is still running: half a minute's count looks like a fall. */
export function finished(minutes: readonly Minute[], now: number): readonly Minute[] {
  const last = minutes.at(-1)
  return last && minutes.length > 2 && last.at + MINUTE_MS > now ? minutes.slice(0, -1) : minutes
}

/** One metric of the last `length` minutes; minutes without an event are gaps of 0 only where the metric counts something. */
export function series(minutes: readonly Minute[], metric: string, length: number): Num[] {
  return minutes.slice(-length).map(({ figures }) => figures[metric] ?? null)
}

/** Minutes from `hours` before the last one on; 0: all. */
export function within(minutes: readonly Minute[], hours: number): readonly Minute[] {
  const last = minutes.at(-1)
  if (!hours || !last) return minutes
  return minutes.filter(({ at }) => at > last.at - hours * 3_600_000)
}
