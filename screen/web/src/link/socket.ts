import { here } from '../base'
import { backoff } from './backoff'
import { type Frame, FrameError, type Held, merge, NOTHING, parse } from './frames'
import { askWhy, CLOSE_REFUSALS, type Reach } from './refusal'

export type LinkState = 'connecting' | 'open' | Exclude<Reach, 'ready'>

export interface Listener {
  /** New data; called at most once per animation frame. */
  held(held: Held): void
  /** A frame came (changed or not): the link is alive. */
  heard(frame: Frame): void
  linkChanged(state: LinkState): void
}

/** Without a frame for this long an open socket is given up: the server sends one a second. */
const DEAF_MS = 12_000
const FINAL: readonly LinkState[] = ['unknown', 'forbidden', 'expired']

/** One room's websocket: reconnects with what it has, asks for everything when that does not fit, paints once per animation frame. */
export class Link {
  private held: Held = NOTHING
  private socket: WebSocket | undefined
  private attempts = 0
  private paint = 0
  private retry: ReturnType<typeof setTimeout> | undefined
  private deaf: ReturnType<typeof setTimeout> | undefined
  private closed = false

  constructor(
    private readonly room: string,
    private readonly listener: Listener,
  ) {}

  open(): void {
    const { epoch, rev } = this.held
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const query = new URLSearchParams({ epoch, rev: String(rev) })
    const socket = new WebSocket(`${scheme}://${location.host}${here('/ws/rooms/')}${encodeURIComponent(this.room)}?${query}`)
    this.socket = socket
    this.listen(socket)
    socket.onmessage = (event) => this.take(String(event.data))
    socket.onclose = (event) => {
      if (this.socket === socket) void this.lost(event.code)
    }
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
    clearTimeout(this.deaf)
    cancelAnimationFrame(this.paint)
    this.socket?.close()
  }

  private listen(socket: WebSocket): void {
    clearTimeout(this.deaf)
    this.deaf = setTimeout(() => {
      if (this.socket !== socket) return
      this.socket = undefined
      socket.close()
      void this.lost(0)
    }, DEAF_MS)
  }

  private take(text: string): void {
    if (this.closed) return
    try {
      const frame = parse(text)
      this.held = merge(this.held, frame)
      this.attempts = 0
      if (this.socket) this.listen(this.socket)
      this.listener.linkChanged('open')
      this.listener.heard(frame)
    } catch (error) {
      if (!(error instanceof FrameError || error instanceof SyntaxError)) throw error
      // Whatever is held does not fit any more: everything is asked for anew.
      this.held = NOTHING
      this.socket?.close()
      return
    }
    this.paint ||= requestAnimationFrame(() => {
      this.paint = 0
      this.listener.held(this.held)
    })
  }

  private async lost(code: number): Promise<void> {
    clearTimeout(this.deaf)
    if (this.closed) return
    const reach = CLOSE_REFUSALS[code] ?? (await askWhy(this.room))
    if (this.closed) return
    const state: LinkState = reach === 'ready' ? 'connecting' : reach
    this.listener.linkChanged(state)
    if (FINAL.includes(state)) return
    this.retry = setTimeout(() => {
      this.retry = undefined
      this.open()
    }, backoff(this.attempts++))
  }
}
