import { backoff } from '../link/backoff'

export interface RoomTile {
  readonly [metric: string]: unknown
  room: string
  title?: string | null
  status?: string
  host?: string | null
  currency?: string | null
}

const EVERY_MS = 2_000
const KEPT = 90
const WATCHED = ['gmv', 'online'] as const

/** All rooms, asked for every two seconds while the page is seen; keeps each room's last minutes for its lines. */
export class WallState {
  rooms = $state.raw<readonly RoomTile[] | undefined>(undefined)
  refused = $state<'expired' | 'forbidden' | undefined>()
  /** Ms since the last answer. */
  age = $state(0)
  private readonly seen = new Map<string, number[]>()
  private answered = performance.now()
  private timer: ReturnType<typeof setTimeout> | undefined
  private attempts = 0

  start(): () => void {
    void this.ask()
    return () => clearTimeout(this.timer)
  }

  line(room: string, metric: (typeof WATCHED)[number]): number[] {
    return this.seen.get(`${metric}:${room}`) ?? []
  }

  private async ask(): Promise<void> {
    const answer = document.hidden ? undefined : await fetch('/api/rooms', { signal: AbortSignal.timeout(8_000) }).catch(unreachable)
    if (answer?.ok) {
      const { rooms } = (await answer.json()) as { rooms: RoomTile[] }
      for (const tile of rooms) this.remember(tile)
      this.rooms = rooms
      this.answered = performance.now()
      this.attempts = 0
    } else if (answer?.status === 401 || answer?.status === 403) {
      this.refused = answer.status === 401 ? 'expired' : 'forbidden'
      return
    } else if (!document.hidden) this.attempts++
    this.age = performance.now() - this.answered
    this.timer = setTimeout(() => void this.ask(), this.attempts ? backoff(this.attempts) : EVERY_MS)
  }

  private remember(tile: RoomTile): void {
    for (const metric of WATCHED) {
      const value = metricOf(tile, metric)
      if (value === null) continue
      const key = `${metric}:${tile.room}`
      this.seen.set(key, [...(this.seen.get(key) ?? []), value].slice(-KEPT))
    }
  }
}

function unreachable(error: unknown): undefined {
  if (error instanceof TypeError || error instanceof DOMException) return undefined
  throw error
}

/** A headline figure; null where the server does not tell it. */
export function metricOf(tile: RoomTile, metric: string): number | null {
  const value = tile[metric]
  return typeof value === 'number' ? value : null
}

const RANK: Record<string, number> = { live: 0, unopened: 1, ended: 2 }

/** What needs eyes first: live rooms, those with alerts, then by GMV. */
export function byNeed(rooms: readonly RoomTile[]): RoomTile[] {
  const rank = (tile: RoomTile) => RANK[tile.status ?? ''] ?? 3
  return [...rooms].sort((a, b) => rank(a) - rank(b) || (metricOf(b, 'alerts') ?? 0) - (metricOf(a, 'alerts') ?? 0) || (metricOf(b, 'gmv') ?? 0) - (metricOf(a, 'gmv') ?? 0))
}
