import { ends, type Minute, MINUTE_MS, valueIn } from '../../state/minutes'
import type { Marker, MarkTone } from './markers'
import type { TrendInput } from './option'

export const MARK_COLORS: Record<MarkTone, string> = { trouble: 'var(--bad)', note: 'var(--note)', course: 'var(--mark)' }

/** Where a time stands in the plot, as a share of its width; a span of nothing is its middle. */
export function share(minutes: readonly Minute[], at: number): number {
  const { first, last } = ends(minutes)
  return last > first ? Math.min(1, Math.max(0, (at - first) / (last - first))) : 0.5
}

/** The minute nearest to a share of the width; minutes may be missing in between. */
export function nearest(minutes: readonly Minute[], part: number): number {
  const { first, last } = ends(minutes)
  const wanted = first + part * (last - first)
  let best = 0
  for (let i = 1; i < minutes.length; i++) {
    if (Math.abs((minutes[i]?.at ?? 0) - wanted) < Math.abs((minutes[best]?.at ?? 0) - wanted)) best = i
  }
  return best
}

/** How many minutes on a key of a slider leads; undefined for other keys. */
export function step(key: string, i: number, length: number): number | undefined {
  const steps: Record<string, number> = { ArrowLeft: i - 1, ArrowDown: i - 1, ArrowRight: i + 1, ArrowUp: i + 1, PageDown: i - 10, PageUp: i + 10, Home: 0, End: length - 1 }
  const to = steps[key]
  return to === undefined ? undefined : Math.min(length - 1, Math.max(0, to))
}

/** As many marks as a box beside the line holds. */
const MOST_TOLD = 12

export interface Line {
  text: string
  color: string
}

/** What is told of a minute: when, both figures, and what happened in it. */
export function linesOf(input: TrendInput, minute: Minute): Line[] {
  const lines = [{ text: input.time(minute.at), color: '' }]
  for (const { metric, label, unit, color, show } of input.lines) {
    const value = valueIn(minute, metric, unit)
    lines.push({ text: `${label}  ${value === null ? '—' : show(value)}`, color })
  }
  const near = input.nearMs ?? 0
  const told = input.marks.filter(({ members }) => members.some(({ at }) => at > minute.at - near && at < minute.at + MINUTE_MS + near)).flatMap(({ members }) => members)
  const timed = told.some(({ at }) => at < minute.at || at >= minute.at + MINUTE_MS)
  for (const marker of told.slice(0, MOST_TOLD)) lines.push({ text: (timed ? `${input.time(marker.at)} ` : '') + worded(input, marker), color: MARK_COLORS[marker.tone] })
  if (told.length > MOST_TOLD) lines.push({ text: input.rest?.(told.length - MOST_TOLD) ?? '…', color: '' })
  return lines
}

function worded(input: TrendInput, marker: Marker): string {
  const label = input.markLabel(marker)
  return (label === marker.text ? label : `${label} ${marker.text}`).slice(0, 80)
}
