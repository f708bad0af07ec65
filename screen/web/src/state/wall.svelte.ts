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
  refused = $state<'expired' | 'forbidden' | undefined>()
  /** When the last answer came, by this browser's clock. */
  answered = $state(Date.now())
  private readonly fetched = new Map<string, { status: string | undefined; due: number }>()

  start(): () => void {
    return poll(() => this.ask(), EVERY_MS)
  }

  private async ask(): Promise<boolean> {
    const { status, body } = await getJson<{ rooms: RoomTile[] }>('/api/rooms', PATIENCE_MS)
    if (body || status) this.refused = status === 401 ? 'expired' : status === 403 ? 'forbidden' : undefined
    if (!body) return false
    this.rooms = byNeed(body.rooms)
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
