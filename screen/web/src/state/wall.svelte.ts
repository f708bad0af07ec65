import { getJson } from '../link/get'
import { isOnAir, lateMs, newestOf } from '../link/honesty'
import { poll } from '../link/poll'
import { fetchMinutes } from './history.svelte'
import { finished, inOrder, MINUTE_MS, series } from './minutes'
import type { AlertRow, Figures, Limits, Num, Status } from './rows'

export interface RoomTile {
  room: string
  title?: string | null
  status?: Status
  host?: string | null
  currency?: string | null
  platform?: string | null
  goal_gmv?: Num
  at?: number
  as_of?: Record<string, Num>
  total?: Figures
  last_5m?: Figures
  limits?: Limits
  alerts?: number
  worst_alert?: Pick<AlertRow, 'severity' | 'title_zh' | 'title_en' | 'fired_at'> | null
}

/** What the rooms on air come to together; `gmv` by currency. */
export interface Sums {
  rooms: number
  online: number
  orders_paid: number
  gmv: Readonly<Record<string, number>>
}

export interface Lines {
  gmv: Num[]
  online: Num[]
}

const EVERY_MS = 2_000
const LINES_MS = 60 * MINUTE_MS
/** Lines of the rooms that matter most; further rooms show their figures alone. */
const MOST_LINES = 24
const PATIENCE_MS = 8_000
const LONG_LATE_MS = 3_600_000

/** All rooms, asked for every two seconds while the page is seen, and the last hour of those on air once a minute. */
export class WallState {
  rooms = $state.raw<readonly RoomTile[] | undefined>(undefined)
  lines = $state.raw<Readonly<Record<string, Lines>>>({})
  sums = $state.raw<Sums | undefined>(undefined)
  refused = $state<'expired' | 'forbidden' | undefined>()
  /** When the last answer came, by this browser's clock. */
  answered = $state(Date.now())
  private readonly fetched = new Map<string, { status: string | undefined; due: number }>()

  start(): () => void {
    return poll(() => this.ask(), EVERY_MS)
  }

  private async ask(): Promise<boolean> {
    const { status, body } = await getJson<{ rooms: RoomTile[]; on_air?: Sums }>('/api/rooms', PATIENCE_MS)
    if (body || status) this.refused = status === 401 ? 'expired' : status === 403 ? 'forbidden' : undefined
    if (!body) return false
    this.rooms = byNeed(body.rooms)
    this.sums = body.on_air
    this.answered = Date.now()
    for (const tile of this.rooms.slice(0, MOST_LINES)) void this.fetchLines(tile)
    return true
  }

  private async fetchLines({ room, at, status, as_of }: RoomTile): Promise<void> {
    const last = this.fetched.get(room)
    if (!at || (last?.status === status && performance.now() < (last?.due ?? 0))) return
    this.fetched.set(room, { status, due: isOnAir(status) ? performance.now() + MINUTE_MS : Infinity })
    const end = Math.min(at, newestOf(as_of ?? {}) ?? at)
    const rows = await fetchMinutes(room, end - LINES_MS, end + MINUTE_MS)
    if (!rows) {
      this.fetched.delete(room)
      return
    }
    const minutes = finished(inOrder(new Map(rows.map((row) => [String(row.at), row]))), at)
    this.lines = { ...this.lines, [room]: { gmv: series(minutes, 'gmv', 'money', 60), online: series(minutes, 'online', 'people', 60) } }
  }
}

/** How late a room on air is, ms; 0 when it is not. */
export function lateness({ status, at, as_of, limits }: RoomTile): number {
  const newest = newestOf(as_of ?? {})
  if (!isOnAir(status) || !at || newest === null || at - newest <= lateMs(limits)) return 0
  return at - newest
}

const RANK: Record<string, number> = { live: 0, silent: 1, unopened: 2, closed: 3, ended: 3 }

/** What needs eyes first: rooms on air, those with alerts, then by GMV; a room whose data stopped long ago is hardly on air. */
export function byNeed(rooms: readonly RoomTile[]): RoomTile[] {
  const rank = (tile: RoomTile) => (lateness(tile) > LONG_LATE_MS ? 3 : (RANK[tile.status ?? ''] ?? 4))
  return [...rooms].sort((a, b) => rank(a) - rank(b) || (b.alerts ?? 0) - (a.alerts ?? 0) || (b.total?.gmv ?? 0) - (a.total?.gmv ?? 0))
}

export const SHOWN = ['all', 'live', 'alerts', 'over'] as const
export type Shown = (typeof SHOWN)[number]
/** `need`: what needs eyes first (`byNeed`). */
export const SORTS = ['need', 'gmv', 'online', 'orders_paid', 'title'] as const
export type Sort = (typeof SORTS)[number]

function passes({ status, alerts }: RoomTile, shown: Shown): boolean {
  if (shown === 'live') return isOnAir(status)
  if (shown === 'over') return status === 'ended' || status === 'closed'
  return shown === 'all' || (alerts ?? 0) > 0
}

/** The rooms (sorted by need) that are asked for. Whatever they are sorted by, those on air come first. Found by name, title or host. */
export function choose(rooms: readonly RoomTile[], shown: Shown, search: string, sort: Sort): RoomTile[] {
  const wanted = search.trim().toLocaleLowerCase()
  const found = rooms.filter((tile) => passes(tile, shown) && (!wanted || `${tile.title ?? ''} ${tile.room} ${tile.host ?? ''}`.toLocaleLowerCase().includes(wanted)))
  if (sort === 'need') return found
  const air = (tile: RoomTile) => Number(!isOnAir(tile.status))
  const order = sort === 'title' ? (a: RoomTile, b: RoomTile) => (a.title || a.room).localeCompare(b.title || b.room, 'zh') : (a: RoomTile, b: RoomTile) => (b.total?.[sort] ?? 0) - (a.total?.[sort] ?? 0)
  return found.sort((a, b) => air(a) - air(b) || order(a, b))
}
