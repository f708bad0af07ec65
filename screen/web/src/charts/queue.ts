/** Draws charts without starving the page: the newest request of each chart wins, one chart per animation frame, each at most every `restMs`. */

export interface Host {
  now(): number
  frame(callback: () => void): void
  later(callback: () => void, ms: number): void
}

const BROWSER: Host = {
  now: () => performance.now(),
  frame: (callback) => void requestAnimationFrame(callback),
  later: (callback, ms) => void setTimeout(callback, ms),
}

export class ChartQueue {
  private readonly waiting = new Map<object, () => void>()
  private readonly drawn = new WeakMap<object, number>()
  /** When the next step is due, and which of the timers set for it counts: an earlier one takes over from a later one. */
  private due = Infinity
  private turn = 0

  constructor(
    private readonly restMs = 500,
    private readonly host: Host = BROWSER,
  ) {}

  /** Draw `chart` soon with `draw`; replaces an older request of the same chart. */
  ask(chart: object, draw: () => void): void {
    this.waiting.set(chart, draw)
    this.arm()
  }

  /** Forget what was asked for a chart that is going away. */
  drop(chart: object): void {
    this.waiting.delete(chart)
  }

  private rest(chart: object): number {
    const last = this.drawn.get(chart)
    return last === undefined ? 0 : Math.max(0, last + this.restMs - this.host.now())
  }

  private arm(): void {
    if (!this.waiting.size) return
    const wait = Math.min(...[...this.waiting.keys()].map((chart) => this.rest(chart)))
    const due = this.host.now() + wait
    if (due >= this.due) return
    this.due = due
    const turn = ++this.turn
    const step = () => this.host.frame(() => {
      if (turn === this.turn) this.step()
    })
    if (wait > 0) this.host.later(step, wait)
    else step()
  }

  private step(): void {
    this.due = Infinity
    for (const [chart, draw] of this.waiting) {
      if (this.rest(chart) > 0) continue
      this.waiting.delete(chart)
      this.drawn.set(chart, this.host.now())
      draw()
      break
    }
    this.arm()
  }
}

export const charts = new ChartQueue()
