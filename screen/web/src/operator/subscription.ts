import type { AlertRow } from '../state/rows'

export type Severity = AlertRow['severity']
export const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info']
export const EVENTS = ['firing', 'resolved', 'acknowledged', 'assigned'] as const
export type Event = (typeof EVENTS)[number]

export interface Quiet {
  begin: string
  end: string
  zone: string
  through: readonly Severity[]
}

/** As streams/notices/subscription.py has it; what is at its default does not come over the wire. */
export interface Subscription {
  id: string
  name: string
  /** As the server shows it: only where it goes. */
  target: string
  has_secret: boolean
  rooms: readonly string[]
  rules: readonly string[]
  severities: readonly Severity[]
  tell: readonly Event[]
  language: 'zh' | 'en'
  quiet: Quiet | null
  group_seconds: number
  repeat_minutes: number
  give_up_minutes: number
  enabled: boolean
}

const DEFAULTS: Omit<Subscription, 'id'> = {
  name: '', target: '', has_secret: false, rooms: ['*'], rules: ['*'], severities: ['info', 'warning', 'critical'], tell: ['firing', 'resolved'],
  language: 'zh', quiet: null, group_seconds: 0, repeat_minutes: 0, give_up_minutes: 60, enabled: true,
} // prettier-ignore

/** One that came over the wire, with all its fields. */
export function whole(row: Partial<Subscription> & { id: string }): Subscription {
  return { ...DEFAULTS, ...row }
}

/** What a form holds: every field as its input has it. */
export interface Draft {
  id: string
  name: string
  target: string
  secret: string
  rooms: string
  rules: string
  severities: Severity[]
  tell: Event[]
  language: 'zh' | 'en'
  quiet: boolean
  begin: string
  end: string
  zone: string
  through: Severity[]
  group: number
  repeat: number
  giveUp: number
  enabled: boolean
}

export function draftOf(given: Subscription): Draft {
  const quiet = given.quiet ?? { begin: '23:00', end: '08:00', zone: 'Asia/Shanghai', through: ['critical' as const] }
  return {
    id: given.id, name: given.name, target: '', secret: '', rooms: given.rooms.join(', '), rules: given.rules.join(', '),
    severities: [...given.severities], tell: [...given.tell], language: given.language, quiet: given.quiet !== null, begin: quiet.begin, end: quiet.end,
    zone: quiet.zone, through: [...quiet.through], group: given.group_seconds, repeat: given.repeat_minutes, giveUp: given.give_up_minutes, enabled: given.enabled,
  } // prettier-ignore
}

export const NEW: Subscription = whole({ id: '' })

const patterns = (text: string) => text.split(/[,,、\s]+/).filter(Boolean)

/** What is sent: a target and a secret only where they were typed, since the server never gives them back. */
export function bodyOf(draft: Draft): Record<string, unknown> {
  const { id, name, target, secret, begin, end, zone, through } = draft
  return {
    ...(id.trim() && { id: id.trim() }),
    ...(target.trim() && { target: target.trim() }),
    ...(secret.trim() && { secret: secret.trim() }),
    name: name.trim(),
    rooms: patterns(draft.rooms),
    rules: patterns(draft.rules),
    severities: draft.severities,
    tell: draft.tell,
    language: draft.language,
    ...(draft.quiet && { quiet: { begin, end, zone: zone.trim(), through } }),
    group_seconds: draft.group,
    repeat_minutes: draft.repeat,
    give_up_minutes: draft.giveUp,
    enabled: draft.enabled,
  }
}
