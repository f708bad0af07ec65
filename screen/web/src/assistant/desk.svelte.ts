import { backoff } from '../link/backoff'
import { newId, Outbox, type Scene, sender, type Storage, UNDO_MS, type Waiting } from './outbox'

/** A frame may be so old when it is read. */
const TOLERATED_MS = 3_000

/** The assistant's desk in one room: who works at it, what waits to be sent, and the room's own time. */
export class Desk {
  waiting = $state.raw<readonly Waiting[]>([])
  expired = $state(false)
  /** Whether something could not be kept in the browser. */
  unkept = $state(false)
  private readonly outbox: Outbox
  private timer: ReturnType<typeof setTimeout> | undefined
  private attempt = 0
  private off = 0
  private closed = false

  constructor(room: string) {
    this.outbox = new Outbox(room, storage(), sender(room), (waiting) => (this.waiting = waiting))
    addEventListener('online', this.hurry)
    addEventListener('storage', this.reread)
    this.hurry()
  }

  /** A frame has come that the server made at `at`: so far is this browser's clock from the server's. */
  heard(at: number): void {
    const off = at - Date.now()
    this.off = Math.abs(off) > TOLERATED_MS ? off : 0
  }

  /** The server's time now: a browser's clock may be wrong, and then its scenes would be refused. */
  now(): number {
    return Date.now() + this.off
  }

  add(kind: string, fields: Record<string, unknown> = {}, at = this.now()): Scene {
    return this.put({ ...fields, kind, id: newId(), at })
  }

  /** The same, but it can be taken back (`drop`) for `UNDO_MS`; the server hears of it after that. */
  addHeld(kind: string, fields: Record<string, unknown>): Scene {
    return this.put({ ...fields, kind, id: newId(), at: this.now() }, UNDO_MS)
  }

  private put(scene: Scene, later = 0): Scene {
    if (!this.outbox.add(scene, later)) this.unkept = true
    this.hurry()
    return scene
  }

  drop(id: string): void {
    this.outbox.drop(id)
  }

  close(): void {
    this.closed = true
    removeEventListener('online', this.hurry)
    removeEventListener('storage', this.reread)
    clearTimeout(this.timer)
  }

  private readonly hurry = (): void => {
    this.attempt = 0
    clearTimeout(this.timer)
    void this.flush()
  }

  private async flush(): Promise<void> {
    const outcome = await this.outbox.flush()
    this.expired = outcome === 'expired'
    clearTimeout(this.timer)
    if (this.closed) return
    const rest = this.outbox.rest
    if (outcome !== 'done') this.timer = setTimeout(() => void this.flush(), backoff(this.attempt++))
    else if (rest !== undefined) this.timer = setTimeout(() => void this.flush(), rest)
  }

  private readonly reread = (): void => this.outbox.reread()
}

function storage(): Storage | null {
  try {
    return localStorage
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}
