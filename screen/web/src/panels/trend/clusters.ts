import type { Marker, MarkTone } from './markers'

/** Marks so near to each other that they would be one blot, as one. Pure; places are shares of the plot's width. */
export interface Cluster {
  /** In order of time. */
  members: readonly Marker[]
  /** The one that it is drawn as: of the gravest tone, the newest. */
  head: Marker
  at: number
  /** Where its label stands, if there is room for it. */
  label?: { text: string; left: number; width: number }
}

export interface Room {
  /** The time of the plot's left edge and what it spans, ms. */
  from: number
  span: number
  /** How wide the plot is, rem. */
  width: number
}

const BLOT_REM = 0.9
const GAP_REM = 0.7
const LONGEST_REM = 9.6
const ORDER: Record<MarkTone, number> = { trouble: 0, note: 1, course: 2 }
/** These come often: their marks have no label unless they are alone with it. */
const OFTEN = new Set(['explain_started', 'violation_found'])

/** How near a mark must be to what is pointed at to be named with it, ms. */
export function nearMs({ span, width }: Room): number {
  return (span * BLOT_REM) / Math.max(1, width)
}

export function clusters(markers: readonly Marker[], room: Room, word: (marker: Marker) => string): Cluster[] {
  const blot = nearMs(room)
  const groups: Marker[][] = []
  for (const marker of markers) {
    const last = groups.at(-1)
    if (last?.[0] && marker.at - last[0].at < blot) last.push(marker)
    else groups.push([marker])
  }
  const found = groups.map((members): Cluster => {
    const head = members.reduce((best, one) => (ORDER[one.tone] <= ORDER[best.tone] ? one : best))
    return { members, head, at: head.at }
  })
  label(found, room, word)
  return found
}

/** Troubles get their label first, then notes; no label touches another, and none leaves the plot. */
function label(all: readonly Cluster[], { from, span, width }: Room, word: (marker: Marker) => string): void {
  const taken: { left: number; right: number }[] = []
  for (const cluster of [...all].sort((a, b) => ORDER[a.head.tone] - ORDER[b.head.tone])) {
    if (OFTEN.has(cluster.head.kind)) continue
    const text = word(cluster.head) + (cluster.members.length > 1 ? ` +${cluster.members.length - 1}` : '')
    const size = Math.min(LONGEST_REM, remOf(text))
    const middle = span ? ((cluster.at - from) / span) * width : width / 2
    const left = Math.max(0, Math.min(width - size, middle - size / 2))
    if (size > width || taken.some((other) => left < other.right + GAP_REM && left + size > other.left - GAP_REM)) continue
    taken.push({ left, right: left + size })
    cluster.label = { text, left: left / width, width: size }
  }
}

/** How wide a label is at most, at 0.9 rem: letters beyond Latin are as wide as they are high. */
function remOf(text: string): number {
  let units = 0.3
  for (const letter of text) units += letter < '\u0250' ? 0.55 : 0.95
  return units
}
