import type { LinkState } from './link'

/** What a viewer must know about the figures, worst first. `since`: ms ago. Anything but `live`, `stream` (live, without a websocket), `resting` (nothing is on air) and `silent` greys the figures. */
export type Honesty =
  | { kind: 'connecting' }
  | { kind: 'offline' | 'away' | 'full' | 'crowded' | 'frozen'; since: number }
  | { kind: 'store' | 'behind'; since: number }
  | { kind: 'silent'; since: number; topics: string[] }
  | { kind: 'live' | 'stream' | 'resting' }

export interface Facts {
  link: LinkState
  status: string
  /** Ms since the last frame was heard; null before the first. */
  unheard: number | null
  /** The server's clock at the last frame, ms. */
  at: number
  /** Newest event time by topic, ms; null before the first. */
  asOf: Readonly<Record<string, number | null>>
  lateMs: number
  /** The server's word on its store. */
  store: { state: string; since: number }
}

const FROZEN_MS = 3_500
/** From here on figures are late: the server's setting, by which the rules judge too. */
export const lateMs = (limits: { late_seconds?: number } | undefined): number => (limits?.late_seconds ?? 15) * 1_000
/** Rooms in which something may still come in. */
export const isOnAir = (status: string | undefined): boolean => status === 'live' || status === 'silent'
/** How long a topic of a live room may say nothing; orders and comments of a small room come seldom. */
const SILENT_MS: Record<string, number> = {
  'live.views': 60_000,
  'live.clicks': 120_000,
  'live.orders': 600_000,
  'live.comments': 600_000,
}

/** The newest event time of all topics. */
export function newestOf(asOf: Readonly<Record<string, number | null>>): number | null {
  const times = Object.values(asOf).filter((at) => at !== null)
  return times.length ? Math.max(...times) : null
}

function ages(facts: Facts): [string, number][] {
  return Object.entries(facts.asOf)
    .filter((entry): entry is [string, number] => entry[0] in SILENT_MS && entry[1] !== null)
    .map(([topic, at]) => [topic, facts.at - at + (facts.unheard ?? 0)])
}

/** The one thing to say about the figures' age. */
export function judge(facts: Facts): Honesty {
  if (facts.unheard === null) return { kind: 'connecting' }
  const { link, unheard } = facts
  if (link === 'offline' || link === 'away' || link === 'full' || link === 'crowded') return { kind: link, since: unheard }
  if (unheard > FROZEN_MS) return { kind: 'frozen', since: unheard }
  if (facts.store.state === 'away') return { kind: 'store', since: facts.at - facts.store.since + unheard }
  if (!isOnAir(facts.status)) return { kind: 'resting' }
  const topics = ages(facts)
  const youngest = Math.min(...topics.map(([, age]) => age))
  if (topics.length && youngest > facts.lateMs) return { kind: 'behind', since: youngest }
  const silent = topics.filter(([topic, age]) => age > (SILENT_MS[topic] ?? Infinity))
  if (!silent.length) return { kind: link === 'stream' ? 'stream' : 'live' }
  return { kind: 'silent', since: Math.max(...silent.map(([, age]) => age)), topics: silent.map(([topic]) => topic) }
}

export function isStale(honesty: Honesty): boolean {
  return !['live', 'stream', 'resting', 'silent'].includes(honesty.kind)
}
