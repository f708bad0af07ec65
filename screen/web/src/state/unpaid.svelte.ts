import { getJson } from '../link/get'
import { poll } from '../link/poll'
import type { FeedRow, Ledger } from './rows'

export interface OpenPage extends Ledger {
  offset: number
  rows: readonly FeedRow[]
}

/** So many orders stand on a page. */
export const PAGE = 100
const EVERY_MS = 1_000

/** The open orders of a room or of one of its products, a page at a time: asked for every second while they are seen. */
export class OpenOrders {
  page = $state.raw<OpenPage | undefined>(undefined)
  /** Nobody answers: what is shown is old. */
  away = $state(false)
  offset = $state(0)
  private lapsed = false

  constructor(
    private readonly room: string,
    private readonly product: string | undefined,
  ) {}

  /** Shows those that wait for payment, or those that lapsed. Gives what ends it. */
  follow(lapsed: boolean): () => void {
    if (lapsed !== this.lapsed) [this.lapsed, this.offset, this.page] = [lapsed, 0, undefined]
    return poll(() => this.read(), EVERY_MS)
  }

  turn(pages: number): void {
    this.offset = Math.max(0, this.offset + pages * PAGE)
    void this.read()
  }

  private async read(): Promise<boolean> {
    const { lapsed, offset } = this
    const query = new URLSearchParams({ offset: String(offset), limit: String(PAGE), ...(lapsed && { lapsed: '1' }), ...(this.product !== undefined && { product: this.product }) })
    const { body } = await getJson<OpenPage>(`/api/rooms/${encodeURIComponent(this.room)}/unpaid?${query}`)
    if (lapsed !== this.lapsed || offset !== this.offset) return true
    this.away = body === undefined
    if (body) this.page = body
    return body !== undefined
  }
}
