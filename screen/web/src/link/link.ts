import { backoff } from './backoff'
import { type Frame, FrameError, type Held, merge, NOTHING, parse } from './frames'
import { withoutMoney } from './money'
import { askWhy, CLOSE_REFUSALS, type Reach } from './refusal'
import { type Ended, openSocket, type Source, type Taker } from './source'
import { openStream } from './stream'
import { camera } from '../state/camera.svelte'

/** `open`: by websocket. `stream`: by plain requests, since websockets do not get through. */
export type LinkState = 'connecting' | 'open' | 'stream' | Exclude<Reach, 'ready'>
type Way = 'socket' | 'stream'

export interface Listener {
  /** New data; called at most once per animation frame. */
  held(held: Held): void
  /** A frame came (changed or not): the link is alive. */
  heard(frame: Frame): void
  linkChanged(state: LinkState): void
}

/** Without a frame for this long a source is given up: the server sends one a second. */
const DEAF_MS = 12_000
/** While the stream stands in, a websocket is tried so often beside it. */
const PROBE_MS = 60_000
const FINAL: readonly LinkState[] = ['unknown', 'forbidden', 'expired']

/** One room's frames: reconnects with what it has, asks for everything when that does not fit, paints once per animation frame. */
export class Link {
  private held: Held = NOTHING
  private source: Source | undefined
  private probe: Source | undefined
  private attempts = 0
  private paint = 0
  private retry: ReturnType<typeof setTimeout> | undefined
  private deaf: ReturnType<typeof setTimeout> | undefined
  private probing: ReturnType<typeof setTimeout> | undefined
  /** Whether the source has brought a frame. */
  private heard = false
  private closed = false

  constructor(
    private readonly room: string,
    private readonly listener: Listener,
  ) {}

  open(way: Way = 'socket'): void {
    this.drop()
    this.heard = false
    const taker: Taker = { text: (text) => this.take(text, way), ended: (why) => void this.lost(way, why) }
    this.source = way === 'socket' ? openSocket(this.room, this.query(), taker) : openStream(this.room, this.query(), taker)
    this.listen(way)
    if (way === 'stream') this.probeLater()
  }

  /** Try at once instead of waiting, for example when the network is back; while it is being asked why, soon after. */
  hurry(): void {
    this.attempts = 0
    if (!this.retry || this.closed) return
    clearTimeout(this.retry)
    this.retry = undefined
    this.open()
  }

  close(): void {
    this.closed = true
    clearTimeout(this.retry)
    cancelAnimationFrame(this.paint)
    this.drop()
  }

  private query(): string {
    const { epoch, rev } = this.held
    return new URLSearchParams({ epoch, rev: String(rev) }).toString()
  }

  private drop(): void {
    clearTimeout(this.deaf)
    clearTimeout(this.probing)
    this.probe?.close()
    this.source?.close()
    this.probe = this.source = undefined
  }

  private listen(way: Way): void {
    clearTimeout(this.deaf)
    this.deaf = setTimeout(() => void this.lost(way, { code: 0 }), DEAF_MS)
  }

  /** A websocket whose first frame comes through takes the stream's place. */
  private probeLater(): void {
    this.probing = setTimeout(() => {
      this.probe = openSocket(this.room, this.query(), {
        text: () => this.open(),
        ended: () => this.probeLater(),
      })
    }, PROBE_MS)
  }

  private take(text: string, way: Way): void {
    if (this.closed) return
    this.heard = true
    try {
      const whole = parse(text)
      const frame = camera.on ? { ...whole, d: withoutMoney(whole.d) } : whole
      this.held = merge(this.held, frame)
      this.attempts = 0
      this.listen(way)
      this.listener.linkChanged(way === 'socket' ? 'open' : 'stream')
      this.listener.heard(frame)
    } catch (error) {
      if (!(error instanceof FrameError || error instanceof SyntaxError)) throw error
      // Whatever is held does not fit any more: everything is asked for anew.
      this.held = NOTHING
      void this.lost(way, { code: 0 })
      return
    }
    this.paint ||= requestAnimationFrame(() => {
      this.paint = 0
      this.listener.held(this.held)
    })
  }

  /** A websocket that brought nothing was perhaps refused on the way, where a plain request is not: the stream tells, or stands in. */
  private async lost(way: Way, why: Ended): Promise<void> {
    if (this.closed) return
    this.drop()
    if (way === 'socket' && !this.heard && !('code' in why && CLOSE_REFUSALS[why.code])) return this.open('stream')
    const reach = 'reach' in why ? why.reach : (CLOSE_REFUSALS[why.code] ?? (await askWhy(this.room)))
    if (this.closed || this.source) return
    const state: LinkState = reach === 'ready' ? 'connecting' : reach
    this.listener.linkChanged(state)
    if (FINAL.includes(state)) return
    clearTimeout(this.retry)
    this.retry = setTimeout(() => {
      this.retry = undefined
      this.open()
    }, backoff(this.attempts++))
  }
}
