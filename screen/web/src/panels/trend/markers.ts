import { MINUTE_MS } from '../../state/minutes'
import type { AlertRow, SceneRow, ViolationRow } from '../../state/rows'
import type { Language } from '../../text/format'

/** What a scene means for the eye: trouble, a note of the team, or the course of the broadcast. */
export type MarkTone = 'trouble' | 'note' | 'course'

export interface Marker {
  at: number
  kind: string
  tone: MarkTone
  /** What was said, noted or explained; free text. */
  text: string
}

/** What marks are shown and hidden by. */
export const LEGEND = ['trouble', 'note', 'explain', 'course'] as const
export type Legend = (typeof LEGEND)[number]

export function legendOf({ kind, tone }: Marker): Legend {
  return kind === 'explain_started' ? 'explain' : tone
}

const TONES: Record<string, MarkTone> = {
  alert: 'trouble',
  violated: 'trouble',
  violation_found: 'trouble',
  noted: 'note',
  explain_started: 'course',
  host_on: 'course',
  host_off: 'course',
  bag_started: 'course',
  bag_drawn: 'course',
}
const TEXT_FIELDS = ['reason', 'text', 'prize', 'host']
function textOf(scene: SceneRow, productTitle: (product: string) => string): string {
  if (typeof scene.product === 'string' && scene.kind !== 'noted') return productTitle(scene.product)
  for (const field of TEXT_FIELDS) {
    const value = scene[field]
    if (typeof value === 'string' && value) return value
  }
  return ''
}

/** When alerts began, as the trend marks it; what is only good to know has no mark. */
export function alertScenes(alerts: Iterable<AlertRow>, language: Language): SceneRow[] {
  return [...alerts].filter(({ severity, false_alarm }) => severity !== 'info' && !false_alarm).map((alert) => ({ kind: 'alert', at: alert.fired_at, text: alert[`title_${language}`] }))
}

/** What was found in the comments, as one mark for each minute in which something was. */
export function foundScenes(found: Iterable<ViolationRow>, word: (rule: string) => string): SceneRow[] {
  const minutes = new Map<number, { at: number; counts: Map<string, number> }>()
  for (const { at, rule, count } of found) {
    const minute = Math.floor(at / MINUTE_MS)
    const one = minutes.get(minute) ?? { at, counts: new Map<string, number>() }
    one.counts.set(rule, (one.counts.get(rule) ?? 0) + count)
    minutes.set(minute, one)
  }
  return [...minutes.values()].map(({ at, counts }) => ({ kind: 'violation_found', at, text: [...counts].map(([rule, n]) => `${word(rule)} ×${n}`).join(', ') }))
}

/** The scenes of [from, to] that the trend marks, in order of time. */
export function markers(scenes: Iterable<SceneRow>, from: number, to: number, productTitle: (product: string) => string): Marker[] {
  const found: Marker[] = []
  for (const scene of scenes) {
    const tone = TONES[scene.kind]
    if (!tone || scene.at < from || scene.at > to) continue
    found.push({ at: scene.at, kind: scene.kind, tone, text: textOf(scene, productTitle) })
  }
  return found.sort((a, b) => a.at - b.at)
}
