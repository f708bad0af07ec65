/** What is left of the server's data when money may not be seen. Pure. */

/** Fields whose numbers are money: the dictionary's metrics with the unit money, and what events and rooms have beside them. A test holds it to the server's dictionary. */
export const MONEY = new Set([
  'gmv', 'net_gmv', 'refund_amount', 'quality_refund_amount', 'gpm', 'uv_value', 'order_value', 'customer_value', 'cost', 'cost_per_minute', 'best_minute_gmv',
  'amount', 'price', 'goal_gmv', 'paid_amount',
]) // prettier-ignore
/** A share of money tells how much, as soon as somebody knows of one part. */
const ALSO = new Set(['roi', 'net_roi'])
export const HIDDEN = '•••'

/** What names something is no text: a product may be called so. */
const NAMES = new Set(['id', 'order', 'product', 'sku', 'user', 'room', 'source', 'plan', 'image', 'epoch'])

const NUMBER = '[0-9](?:[0-9,. ]*[0-9])?(?:\\s?(?:万|亿|[kKmMbB]\\b))?'
/** Amounts in a text, as the server and this screen write them: ¥12,345.60 · CNY 1,234 · S$9 · 99元. */
const AMOUNT = new RegExp(`(?:[\\p{Sc}￥]|\\b[A-Z]{3}(?=[\\s-]?[0-9]))\\s?-?${NUMBER}|${NUMBER}\\s?(?:元|块|[A-Z]{3}\\b)`, 'gu')

function isMoney(key: string): boolean {
  const name = key.slice(key.lastIndexOf('.') + 1) // "total.gmv" of a product
  return MONEY.has(name) || ALSO.has(name)
}

export function hideAmounts(text: string): string {
  return text.replace(AMOUNT, HIDDEN)
}

/** The same, with null for every amount of money, and amounts in texts hidden. */
export function withoutMoney<T>(value: T): T {
  return bare(value) as T
}

function bare(value: unknown): unknown {
  if (typeof value === 'string') return hideAmounts(value)
  if (Array.isArray(value)) return value.map(bare)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, isMoney(key) ? nothing(part) : NAMES.has(key) && typeof part === 'string' ? part : bare(part)]))
}

/** Of one amount, and of amounts by currency; a row that only has such a name (a source called "price") stays. */
function nothing(part: unknown): unknown {
  if (typeof part === 'number') return null
  const byCurrency = typeof part === 'object' && part !== null && Object.keys(part).every((name) => /^[A-Z]{3}$/.test(name))
  return byCurrency ? {} : bare(part)
}
