import { getJson } from '../link/get'
import { poll } from '../link/poll'
import type { FeedRow, Figures, Ledger, Num, ProductRow } from './rows'

export interface Explanation {
  start: number
  /** null while it goes on. */
  end: Num
  duration_ms: number
  /** How many minutes of each kind are compared. */
  minutes: number
  during: Figures
  before: Figures
  /** Whether the broadcast had begun in all of the minutes before. */
  on_air: boolean
  /** Whether it had, and there were clicks enough for the difference to mean something. */
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
  ledger: Ledger
}

const EVERY_MS = 3_000
const PATIENCE_MS = 8_000

/** A product's page, asked for every three seconds while it is seen. */
export class ProductState {
  page = $state.raw<ProductPage | undefined>(undefined)
  missing = $state(false)

  constructor(
    private readonly room: string,
    private readonly product: string,
  ) {}

  start(): () => void {
    return poll(() => this.read(), EVERY_MS)
  }

  private async read(): Promise<boolean> {
    const path = `/api/rooms/${encodeURIComponent(this.room)}/products/${encodeURIComponent(this.product)}`
    const { status, body } = await getJson<ProductPage>(path, PATIENCE_MS)
    if (body || status) this.missing = status === 404
    if (body) this.page = body
    return body !== undefined || this.missing
  }
}
