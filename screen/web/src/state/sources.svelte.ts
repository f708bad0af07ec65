import { fetchMinutes } from './history.svelte'
import { along, type Minute, MINUTE_MS, series } from './minutes'
import type { Figures, Num } from './rows'

/** What the server gives in one call. */
export const MOST_SOURCES = 16
/** Small lines are drawn of so many; further rows of a long table have their figures alone. */
const MOST_LINES = 48
const LINE_MINUTES = 60
/** Events may be so late that a minute is asked for again; older ones are not. */
const LATE_MS = 10 * MINUTE_MS
const RETRY_MS = 5_000
const LONGEST_MS = 7 * 86_400_000

export interface SourceMinute {
  readonly [metric: string]: Num | string
  source: string
  /** ms */
  at: number
}
type Rows = ReadonlyMap<number, Figures>
export type Held = ReadonlyMap<string, Rows>

/** What is known with newer minutes in it; those before `from` are let go. */
export function merged(held: Held, minutes: readonly SourceMinute[], from: number): Held {
  const all = new Map([...held].map(([source, rows]) => [source, new Map([...rows].filter(([at]) => at >= from))]))
  for (const { source, ...row } of minutes) {
    const rows = all.get(source) ?? new Map<number, Figures>()
    all.set(source, rows.set(row.at as number, row as Figures))
  }
  return all
}

/** What `chosen` may be beside a source: all of a group together. No channel is called so. */
export const GROUPS = ['natural', 'paid'] as const
export type Group = (typeof GROUPS)[number]
export const sumOf = (group: Group) => `*${group}`

const RATIOS: Readonly<Record<string, readonly [string, string, number]>> = {
  gpm: ['gmv', 'entries', 1000],
  conversion: ['orders_paid', 'entries', 1],
  order_value: ['gmv', 'orders_paid', 1],
  roi: ['gmv', 'cost', 1],
  net_roi: ['net_gmv', 'cost', 1],
}

/** Several sources as one: what is counted is added up, ratios are made anew. */
export function summed(all: readonly Rows[]): Rows {
  if (all.length === 1 && all[0]) return all[0]
  const sums = new Map<number, Record<string, Num>>()
  for (const rows of all) {
    for (const [at, row] of rows) {
      const sum = sums.get(at) ?? {}
      for (const [metric, value] of Object.entries(row)) if (!(metric in RATIOS)) sum[metric] = (sum[metric] ?? 0) + (value ?? 0)
      sums.set(at, sum)
    }
  }
  for (const sum of sums.values()) {
    for (const [ratio, [part, whole, times]] of Object.entries(RATIOS)) sum[ratio] = sum[whole] ? ((sum[part] ?? 0) * times) / sum[whole] : null
  }
  return sums
}

/** The minutes of a room's sources: the last hour of all that are shown, and the whole broadcast of the one that is chosen. */
export class Sources {
  /** The source whose trend is shown, or a group of them; "": the room's. */
  chosen = $state('')
  private lately = $state.raw<Held>(new Map())
  private whole = $state.raw<Held>(new Map())
  private readonly rows = $derived(summed([...this.whole.values()]))
  private readonly known = { lately: '', upTo: 0, source: '', from: Infinity, to: 0 }
  private triedAt = -RETRY_MS
  private tried = ''

  constructor(
    private readonly room: string,
    private readonly get: typeof fetchMinutes<SourceMinute> = fetchMinutes,
  ) {}

  choose(source: string): void {
    this.chosen = this.chosen === source ? '' : source
  }

  /** The chosen source in these minutes of the room. */
  minutes(shown: readonly Minute[]): Minute[] {
    return along(shown, this.rows)
  }

  /** Entries of a source by minute, as a small line that ends with the room's last minute. */
  line(source: string, shown: readonly Minute[]): Num[] {
    return series(along(shown.slice(-LINE_MINUTES), this.lately.get(source) ?? new Map()), 'entries', 'count', LINE_MINUTES)
  }

  /** Asks for what is missing, at most once a minute; called as often as there are frames. `shown`: the room's minutes that are over; `groups`: what each is made of. */
  follow(names: readonly string[], shown: readonly Minute[], groups: Readonly<Record<string, readonly string[]>> = {}): void {
    const followed = names.slice(0, MOST_LINES).sort() // one order: which sells most changes often
    const [first, last] = [shown.at(0), shown.at(-1)]
    if (!first || !last) return
    const parts = this.chosen ? [...(groups[this.chosen] ?? [this.chosen])].sort() : []
    const begin = Math.max(first.at, last.at + MINUTE_MS - LONGEST_MS / Math.min(MOST_SOURCES, Math.max(1, parts.length)))
    const wish = [last.at, begin, ...parts, '', ...followed].join('\n')
    if (wish === this.tried && (this.complete(followed, parts, begin, last.at) || performance.now() - this.triedAt < RETRY_MS)) return
    this.tried = wish
    this.triedAt = performance.now()
    void this.followAll(followed, last.at + MINUTE_MS)
    void this.followChosen(parts, begin, last.at + MINUTE_MS)
  }

  private complete(names: readonly string[], parts: readonly string[], first: number, last: number): boolean {
    const { lately, upTo, source, from, to } = this.known
    return lately === names.join('\n') && upTo > last && (!parts.length || (source === parts.join('\n') && from <= first && to > last))
  }

  /** The minutes of however many sources: some in each call. */
  private async getAll(from: number, to: number, names: readonly string[]): Promise<SourceMinute[] | undefined> {
    const all: SourceMinute[] = []
    for (let i = 0; i < names.length; i += MOST_SOURCES) {
      const minutes = await this.get(this.room, from, to, names.slice(i, i + MOST_SOURCES))
      if (!minutes) return undefined
      all.push(...minutes)
    }
    return all
  }

  private async followAll(names: readonly string[], end: number): Promise<void> {
    const key = names.join('\n')
    const begin = end - LINE_MINUTES * MINUTE_MS
    const minutes = await this.getAll(key === this.known.lately ? Math.max(begin, this.known.upTo - LATE_MS) : begin, end, names)
    if (!minutes) return
    this.lately = merged(this.lately, minutes, begin)
    Object.assign(this.known, { lately: key, upTo: end })
  }

  private async followChosen(parts: readonly string[], begin: number, end: number): Promise<void> {
    const [source, chosen] = [parts.join('\n'), this.chosen]
    if (!source) return
    const goesOn = this.known.source === source && this.known.from <= begin
    const minutes = await this.getAll(goesOn ? Math.max(begin, this.known.to - LATE_MS) : begin, end, parts)
    if (!minutes || chosen !== this.chosen) return
    this.whole = merged(goesOn ? this.whole : new Map(), minutes, begin)
    Object.assign(this.known, { source, from: begin, to: end })
  }
}
