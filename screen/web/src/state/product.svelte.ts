import { backoff } from '../link/backoff'
import type { FeedRow, Figures, Num, ProductRow } from './rows'

export interface Explanation {
  start: number
  /** null while it goes on. */
  end: Num
  duration_ms: number
  /** How many minutes of each kind are compared. */
  minutes: number
  during: Figures
  before: Figures
  /** Whether there were clicks enough for the difference to mean something. */
  enough: boolean
}

export interface SkuRow {
  readonly [metric: string]: number | string
  sku: string
}

export interface ProductPage {
  product: Omit<ProductRow, 'total'> & { total: Figures; last_5m: Figures }
  minutes: readonly (Figures & { at: number })[]
  explanations: readonly Explanation[]
  skus: readonly SkuRow[]
  orders: readonly FeedRow[]
}

const EVERY_MS = 3_000
const PATIENCE_MS = 8_000

/** A product's page, asked for every three seconds while it is seen. */
export class ProductState {
  page = $state.raw<ProductPage | undefined>(undefined)
  missing = $state(false)
  private timer: ReturnType<typeof setTimeout> | undefined
  private stopped = false
  private attempts = 0

  constructor(
    private readonly room: string,
    private readonly product: string,
  ) {}

  start(): () => void {
    void this.ask()
    return () => {
      this.stopped = true
      clearTimeout(this.timer)
    }
  }

  private async ask(): Promise<void> {
    if (!document.hidden) await this.read()
    if (!this.stopped) this.timer = setTimeout(() => void this.ask(), this.attempts ? backoff(this.attempts) : EVERY_MS)
  }

  private async read(): Promise<void> {
    const path = `/api/rooms/${encodeURIComponent(this.room)}/products/${encodeURIComponent(this.product)}`
    try {
      const answer = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS) })
      this.missing = answer.status === 404
      this.attempts = answer.ok || this.missing ? 0 : this.attempts + 1
      if (answer.ok) this.page = (await answer.json()) as ProductPage
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error
      this.attempts++
    }
  }
}
