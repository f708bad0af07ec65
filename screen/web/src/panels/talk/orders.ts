import type { FeedRow, Ledger } from '../../state/rows'

/** Where an order stands, as the events of it tell. Pure. */
export type OrderState = 'unpaid' | 'timed_out' | 'paid' | 'cancelled' | 'refunded'

export const ORDER_STATES: readonly OrderState[] = ['unpaid', 'timed_out', 'paid', 'refunded', 'cancelled']

export interface OrderLine {
  readonly order: string
  readonly state: OrderState
  /** The event that brought it there; of a refund, what was given back. */
  readonly row: FeedRow
}

/** Those of which the server keeps a ledger; the others are known of the newest events alone. */
export const isOpen = (state: string): state is 'unpaid' | 'timed_out' => state === 'unpaid' || state === 'timed_out'

const STEPS = ['created', 'cancelled', 'paid', 'refunded']

/** Orders by what was heard of them last in the course of an order, newest first. `now`: the server's clock; after `patienceMs` an order has timed out. */
export function orderLines(rows: Iterable<FeedRow>, now: number, patienceMs: number): OrderLine[] {
  const furthest = new Map<string, FeedRow>()
  for (const row of rows) {
    if (!row.order) continue
    const key = `${row.order}\n${row.product}\n${row.sku ?? ''}`
    const held = furthest.get(key)
    if (!held || STEPS.indexOf(row.kind) > STEPS.indexOf(held.kind)) furthest.set(key, row)
  }
  return [...furthest.values()].sort((a, b) => b.at - a.at).map((row) => ({ order: row.order ?? '', state: stateOf(row, now, patienceMs), row }))
}

/** How many stand so: of those that are open all that there are, of others those among these lines. */
export function counted(lines: readonly OrderLine[], { orders, lapsed }: Ledger): Map<OrderState, number> {
  const known = (state: OrderState) => lines.filter((line) => line.state === state).length
  return new Map(ORDER_STATES.map((state) => [state, state === 'unpaid' ? orders : state === 'timed_out' ? lapsed : known(state)]))
}

function stateOf({ kind, at }: FeedRow, now: number, patienceMs: number): OrderState {
  if (kind === 'paid' || kind === 'cancelled' || kind === 'refunded') return kind
  return now - at >= patienceMs ? 'timed_out' : 'unpaid'
}
