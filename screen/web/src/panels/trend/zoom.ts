import { ends, type Minute, MINUTE_MS } from '../../state/minutes'

/** A part of the time that a trend shows, ms, both ends in it. */
export interface Part {
  from: number
  to: number
}

/** Fewer minutes than that are no line. */
const LEAST_MS = 3 * MINUTE_MS

/** The part between two shares of the width, whichever is first; undefined where it is too short to be meant. */
export function dragged(minutes: readonly Minute[], a: number, b: number): Part | undefined {
  const { first, last } = ends(minutes)
  const at = (part: number) => first + Math.min(1, Math.max(0, part)) * (last - first)
  const [from, to] = [at(Math.min(a, b)), at(Math.max(a, b))]
  return to - from >= LEAST_MS ? { from, to } : undefined
}

/** Twice as large, or half as large, around a minute. */
export function scaled(minutes: readonly Minute[], around: number, larger: boolean): Part | undefined {
  const { first, last } = ends(minutes)
  const span = Math.max(LEAST_MS, (last - first) * (larger ? 0.5 : 2))
  const part = last > first ? (around - first) / (last - first) : 0.5
  const from = around - span * part
  return { from, to: from + span }
}

/** The minutes of a part; all of them where it holds too few. */
export function zoomedIn(minutes: readonly Minute[], part: Part | undefined): readonly Minute[] {
  if (!part) return minutes
  const found = minutes.filter(({ at }) => at >= part.from && at <= part.to)
  return found.length > 1 ? found : minutes
}
