const POINTED_MS = 5_000
const FOCUSED_MS = 20_000

/** Keeps a list that sorts itself as it is while somebody aims at one of its rows, so that what is pressed is what was aimed at. */
export class Steady<Row> {
  private held = $state(false)
  private timer: ReturnType<typeof setTimeout> | undefined
  private last: readonly Row[] = []

  /** `keepGone`: rows that are gone meanwhile stay where they were as well, so that nothing moves up under the pointer. */
  constructor(
    private readonly key: (row: Row) => string,
    private readonly keepGone = false,
  ) {}

  /** For what holds the rows: `{@attach steady.watch}`. A pointer that was forgotten there holds nothing for long. */
  readonly watch = (element: HTMLElement): (() => void) => {
    const hold = (ms: number) => () => {
      this.held = true
      clearTimeout(this.timer)
      this.timer = setTimeout(() => (this.held = false), ms)
    }
    // Not at once: what had the focus may be going away while the page is being put together, when nothing may change.
    const release = () => {
      clearTimeout(this.timer)
      this.timer = setTimeout(() => (this.held = false))
    }
    const acts: [string, () => void][] = [['pointermove', hold(POINTED_MS)], ['focusin', hold(FOCUSED_MS)], ['keydown', hold(FOCUSED_MS)], ['pointerleave', release], ['focusout', release]] // prettier-ignore
    for (const [event, act] of acts) element.addEventListener(event, act)
    return () => {
      clearTimeout(this.timer)
      for (const [event, act] of acts) element.removeEventListener(event, act)
    }
  }

  /** The rows as they are sorted, or in the places that they have; new ones come last then. */
  order(sorted: readonly Row[]): readonly Row[] {
    let rows = sorted
    if (this.held) {
      const places = new Map(this.last.map((row, i) => [this.key(row), i]))
      const place = (row: Row) => places.get(this.key(row)) ?? places.size
      const there = new Set(sorted.map(this.key))
      const gone = this.keepGone ? this.last.filter((row) => !there.has(this.key(row))) : []
      rows = [...sorted, ...gone].sort((a, b) => place(a) - place(b))
    }
    this.last = rows
    return rows
  }
}
