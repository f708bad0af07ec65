import type { FeedRow } from '../../state/rows'

/** Where an order stands, as the events of it tell. Pure. */
export type OrderState = 'unpaid' | 'timed_out' | 'paid' | 'cancelled' | 'refunded'

export const ORDER_STATES: readonly OrderState[] = ['unpaid', 'timed_out', 'paid', 'refunded', 'cancelled']

export interface OrderLine {
  readonly order: string
  readonly state: OrderState
  /** The event that brought it there; of a refund, what was given back. */
  readonly row: FeedRow
}

/** So long after it was made an unpaid order has timed out. */
export const PATIENCE_MS = 15 * 60_000
const STEPS = ['created', 'cancelled', 'paid', 'refunded']

/** Orders by what was heard of them last in the course of an order, newest first. `now`: the server's clock, ms. */
export function orderLines(rows: Iterable<FeedRow>, now: number): OrderLine[] {
  const furthest = new Map<string, FeedRow>()
  for (const row of rows) {
    if (!row.order) continue
    const key = `${row.order}\n${row.product}\n${row.sku ?? ''}`
    const held = furthest.get(key)
    if (!held || STEPS.indexOf(row.kind) > STEPS.indexOf(held.kind)) furthest.set(key, row)
  }
  return [...furthest.values()].sort((a, b) => b.at - a.at).map((row) => ({ order: row.order ?? '', state: stateOf(row, now), row }))
}

/** The orders that stand so: those that wait for payment the oldest first, since those are lost soonest. */
export function ofState(lines: readonly OrderLine[], wanted: OrderState): OrderLine[] {
  const found = lines.filter(({ state }) => state === wanted)
  return wanted === 'unpaid' || wanted === 'timed_out' ? found.reverse() : found
}

function stateOf({ kind, at }: FeedRow, now: number): OrderState {
  if (kind === 'paid' || kind === 'cancelled' || kind === 'refunded') return kind
  return now - at > PATIENCE_MS ? 'timed_out' : 'unpaid'
}
