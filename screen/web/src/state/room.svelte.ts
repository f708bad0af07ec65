import { type Frame, type Held, type Rows, type Tables } from '../link/frames'
import { type Honesty, isStale, judge, lateMs, newestOf } from '../link/honesty'
import { Link, type Listener, type LinkState } from '../link/link'
import type { Ledger, Limits, RoomFacts, Shapes } from './rows'

const TICK_MS = 500

/** One table as a signal of its own: who reads the comments does not wake up for the products. */
class Box {
  rows = $state.raw<Rows>(new Map())
}

/** A room while it is watched: its tables, and how fresh they are. */
export class RoomState implements Listener {
  private readonly boxes: Record<string, Box> = {}
  private readonly source: Link
  private readonly ticker: ReturnType<typeof setInterval>
  private seen: Tables = {}
  private heardAt: number | null = null
  /** The server's clock at the last frame. */
  at = $state(0)
  link = $state<LinkState>('connecting')
  private unheard = $state<number | null>(null)

  constructor(readonly name: string) {
    for (const table of TABLES) this.boxes[table] = new Box()
    this.source = new Link(name, this)
    this.source.open()
    this.ticker = setInterval(() => this.tick(), TICK_MS)
    addEventListener('online', this.back)
    addEventListener('offline', this.gone)
  }

  readonly facts: RoomFacts = $derived.by(() => (this.box('room').get('facts') ?? {}) as RoomFacts)
  readonly currency: string = $derived(this.facts.currency || 'CNY')
  /** Empty before the first frame. */
  readonly limits: Partial<Limits> = $derived.by(() => (this.box('room').get('limits') ?? {}) as Partial<Limits>)
  readonly ledger: Ledger = $derived.by(() => (this.box('room').get('ledger') ?? { orders: 0, lapsed: 0, oldest_at: null }) as unknown as Ledger)
  /** So long after it was made an unpaid order has lapsed, ms. */
  readonly patienceMs: number = $derived((this.limits.unpaid_minutes ?? 30) * 60_000)
  readonly asOf: Readonly<Record<string, number | null>> = $derived.by(() => (this.box('room').get('as_of') ?? {}) as Record<string, number | null>)
  readonly newest: number | null = $derived(newestOf(this.asOf))
  readonly honesty: Honesty = $derived.by(() => {
    const { store = 'ok', since = 0 } = (this.box('room').get('link') ?? {}) as { store?: string; since?: number }
    return judge({ link: this.link, status: this.facts.status ?? '', unheard: this.unheard, at: this.at, asOf: this.asOf, lateMs: lateMs(this.limits), store: { state: store, since } })
  })
  /** Whether anything at all has been counted: a replayed log may hold orders and no opening. */
  readonly counted: boolean = $derived(Object.values(this.figures('total')).some((value) => value))
  readonly stale: boolean = $derived(isStale(this.honesty))

  private box(name: string): Rows {
    return this.boxes[name]?.rows ?? new Map()
  }

  rows<T extends keyof Shapes>(table: T): ReadonlyMap<string, Shapes[T]> {
    return this.box(table) as unknown as ReadonlyMap<string, Shapes[T]>
  }

  /** One window of the room's figures. */
  figures(window: 'total' | 'last_5m' | 'previous_5m'): Shapes['figures'] {
    return this.rows('figures').get(window) ?? {}
  }

  held(held: Held): void {
    for (const [table, box] of Object.entries(this.boxes)) {
      const rows = held.tables[table]
      if (rows !== this.seen[table]) box.rows = rows ?? new Map()
    }
    this.seen = held.tables
    this.at = held.at
  }

  heard(_frame: Frame): void {
    this.heardAt = performance.now()
    this.unheard = 0
  }

  linkChanged(state: LinkState): void {
    this.link = state
  }

  close(): void {
    clearInterval(this.ticker)
    removeEventListener('online', this.back)
    removeEventListener('offline', this.gone)
    this.source.close()
  }

  private tick(): void {
    if (this.heardAt !== null) this.unheard = performance.now() - this.heardAt
  }

  private readonly back = () => this.source.hurry()
  private readonly gone = () => (this.link = 'offline')
}

const TABLES = ['room', 'figures', 'funnel', 'sources', 'channels', 'plans', 'products', 'audience', 'minutes', 'comments', 'words', 'words_5m', 'polls', 'feed', 'scenes', 'alerts', 'violations', 'violation_counts']
