import { getJson } from '../link/get'
import { MINUTE_MS } from './minutes'
import type { Figures } from './rows'

/** What frames carry of a room's minutes: the newest twelve hours. */
const FRAME_MS = 12 * 3_600_000
const EVERY_MS = 5 * MINUTE_MS
/** Where the server could not be reached. */
const RETRY_MS = 5_000
/** The longest span that one call may ask for. */
const LONGEST_MS = 7 * 86_400_000
/** People come before a room opens. */
const EARLY_MS = 3_600_000

export type MinuteRow = Figures & { at: number }

/** The minutes that begin in [from, to), of the room or of some sources, from the server; undefined when it cannot be reached. */
export async function fetchMinutes<Row = MinuteRow>(room: string, from: number, to: number, sources: readonly string[] = []): Promise<Row[] | undefined> {
  const of = sources.map((source) => `&source=${encodeURIComponent(source)}`).join('')
  const path = `/api/rooms/${encodeURIComponent(room)}/minutes?from=${Math.floor(from)}&to=${Math.ceil(to)}${of}`
  return (await getJson<{ minutes: Row[] }>(path)).body?.minutes
}

/** The part of a broadcast's minutes that is older than what frames carry. */
export class History {
  rows = $state.raw<ReadonlyMap<string, Figures>>(new Map())
  private due = 0

  constructor(
    private readonly room: string,
    private readonly get: typeof fetchMinutes<MinuteRow> = fetchMinutes,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Fetches what is missing, now and then. `at`: the server's clock; `begun`: when the room opened, `newest`: its newest event, null if unknown. */
  follow(at: number, begun: number | null, newest: number | null, framed: number): void {
    const missing = framed === 0 || (begun !== null && begun < at - FRAME_MS)
    if (!at || !missing || this.now() < this.due) return
    this.due = this.now() + EVERY_MS
    const to = Math.min(at - FRAME_MS + EVERY_MS, (newest ?? at) + MINUTE_MS)
    void this.get(this.room, Math.max(0, to - LONGEST_MS, (begun ?? 0) - EARLY_MS), to).then((minutes) => {
      if (minutes) this.rows = new Map(minutes.map((row) => [String(row.at), row]))
      else this.due = this.now() + RETRY_MS
    })
  }
}
