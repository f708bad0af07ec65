import { here } from '../base'

/** What the assistant did and the server has not taken yet: kept in the browser, sent in order, each under its own id, until it is. */

export interface Scene {
  readonly [field: string]: unknown
  kind: string
  id: string
  at: number
}

/** refused: the server's reason, once it will never take it. due: when it may be sent, by this browser's clock in ms; until then it can be taken back. */
export interface Waiting {
  scene: Scene
  refused?: string
  due?: number
}

/** How long what is hard to make good can be taken back. */
export const UNDO_MS = 10_000

export type Storage = Pick<globalThis.Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'>
export type Send = (scene: Scene) => Promise<Outcome>
/** later: try again · expired: log in first · refused: never */
export type Outcome = { kind: 'taken' } | { kind: 'later' } | { kind: 'expired' } | { kind: 'refused'; reason: string }

const PREFIX = 'livescreen.outbox.'
/** Answers that may be others later. */
const LATER = new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * One key of the storage for each scene, so that two tabs never overwrite each other's. Both may send the same one: a scene is known by its id.
 * A scene leaves only when the server has said 201, so a reload or a crash repeats at most a scene that the server then takes for the same.
 */
export class Outbox {
  private waiting: Waiting[] = []
  /** Those that could not be kept. */
  private readonly loose = new Set<string>()
  private run: Promise<'done' | 'later' | 'expired'> | undefined

  constructor(
    private readonly room: string,
    private readonly storage: Storage | null,
    private readonly send: Send,
    private readonly changed: (waiting: readonly Waiting[]) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.waiting = this.stored()
    this.changed(this.waiting)
  }

  /** Keeps the scene first, then sends, not before `later` ms. False: there is no room to keep it, so it is lost with this page. */
  add(scene: Scene, later = 0): boolean {
    const one: Waiting = later ? { scene, due: this.now() + later } : { scene }
    this.waiting.push(one)
    const kept = this.keep(one)
    if (!kept) this.loose.add(scene.id)
    this.tell()
    return kept
  }

  /** In how many ms the next of those that are held back may be sent; undefined: none is. */
  get rest(): number | undefined {
    const held = this.waiting.filter((one) => one.refused === undefined && this.held(one)).map((one) => (one.due ?? 0) - this.now())
    return held.length ? Math.min(...held) : undefined
  }

  /** Another tab has sent some, or taken them back: they are no longer ours. */
  reread(): void {
    const there = this.waiting.filter((one) => this.has(one))
    if (there.length === this.waiting.length) return
    this.waiting = there
    this.tell()
  }

  /** Takes a scene away that was refused, or is still held back. */
  drop(id: string): void {
    this.forget(id)
    this.tell()
  }

  /** Sends what waits, oldest first, until all is sent or it is no use for now. One run at a time. */
  flush(): Promise<'done' | 'later' | 'expired'> {
    this.run ??= this.sendAll().finally(() => (this.run = undefined))
    return this.run
  }

  private async sendAll(): Promise<'done' | 'later' | 'expired'> {
    for (let next = this.next(); next; next = this.next()) {
      if (next.due !== undefined && !this.has(next)) {
        this.drop(next.scene.id) // taken back in another tab
        continue
      }
      const outcome = await this.send(next.scene)
      if (outcome.kind === 'refused') this.keep(Object.assign(next, { refused: outcome.reason }))
      else if (outcome.kind === 'taken') this.forget(next.scene.id)
      else return outcome.kind
      this.tell()
    }
    return 'done'
  }

  private next(): Waiting | undefined {
    return this.waiting.find((one) => one.refused === undefined && !this.held(one))
  }

  /** A clock that was put back holds nothing for longer than it was meant to be. */
  private held({ due = 0 }: Waiting): boolean {
    const left = due - this.now()
    return left > 0 && left <= UNDO_MS
  }

  private has({ scene }: Waiting): boolean {
    return this.storage === null || this.loose.has(scene.id) || this.storage.getItem(this.key(scene.id)) !== null
  }

  private tell(): void {
    this.changed([...this.waiting])
  }

  private forget(id: string): void {
    this.waiting = this.waiting.filter((one) => one.scene.id !== id)
    this.storage?.removeItem(this.key(id))
  }

  private keep(one: Waiting): boolean {
    try {
      this.storage?.setItem(this.key(one.scene.id), JSON.stringify(one))
      return this.storage !== null
    } catch (error) {
      if (error instanceof DOMException) return false
      throw error
    }
  }

  private key(id: string): string {
    return `${PREFIX}${this.room}.${id}`
  }

  private stored(): Waiting[] {
    const found: Waiting[] = []
    for (let i = 0; i < (this.storage?.length ?? 0); i++) {
      const key = this.storage?.key(i) ?? ''
      if (key.startsWith(this.key(''))) found.push(...read(this.storage?.getItem(key) ?? '').filter((one) => key === this.key(one.scene.id)))
    }
    return found.sort((a, b) => a.scene.at - b.scene.at)
  }
}

function read(text: string): Waiting[] {
  try {
    const one = JSON.parse(text) as Waiting
    return typeof one.scene.at === 'number' ? [one] : []
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return []
    throw error
  }
}

/** Sends to the server. Only 201 says that a scene is safe. */
export function sender(room: string, ask: typeof fetch = fetch): Send {
  return async (scene) => {
    try {
      const answer = await ask(here(`/api/rooms/${encodeURIComponent(room)}/scenes`), {
        method: 'POST',
        body: JSON.stringify(scene),
        headers: { 'Content-Type': 'application/json' },
        signal: AbortSignal.timeout(10_000),
      })
      if (answer.status === 201) return { kind: 'taken' }
      if (answer.status === 401) return { kind: 'expired' }
      if (LATER.has(answer.status)) return { kind: 'later' }
      return { kind: 'refused', reason: await reason(answer) }
    } catch (error) {
      if (error instanceof TypeError || error instanceof DOMException) return { kind: 'later' }
      throw error
    }
  }
}

async function reason(answer: Response): Promise<string> {
  try {
    const problem = (await answer.json()) as { detail?: unknown }
    return String(problem.detail ?? answer.status).slice(0, 300)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return String(answer.status)
    throw error
  }
}

/** A name for a scene that no other has: 24 hexadecimal digits. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
