import { getJson } from '../link/get'
import { poll } from '../link/poll'
import type { AlertRow } from './rows'

const RETRY_MS = 5_000

type Alerts = { alerts: readonly (AlertRow & { id: string })[] }

/** All alerts of a broadcast that fired: frames carry the newest of each rule alone, and for an hour after its end. */
export class Fired {
  rows = $state.raw<ReadonlyMap<string, AlertRow>>(new Map())
  private readonly held = new Map<string, AlertRow>()
  /** Asks for those of before, until the server has answered. */
  readonly close: () => void

  constructor(room: string, get: typeof getJson<Alerts> = getJson) {
    this.close = poll(async () => {
      const { status, body } = await get(`/api/rooms/${encodeURIComponent(room)}/alerts?log=0`)
      const there = status > 0 && status < 500
      if (there) this.close()
      this.take((body?.alerts ?? []).filter(({ id }) => !this.held.has(id)).map((row) => [row.id, row]))
      return there
    }, RETRY_MS)
  }

  /** Those of a frame: newer than what was known of them. */
  take(rows: Iterable<readonly [string, AlertRow]>): void {
    for (const [id, row] of rows) this.held.set(id, row)
    this.rows = new Map(this.held)
  }
}
