import type { ProductRow } from '../../state/rows'

/** Which products are shown, in which order. Pure. */
export type Filter = 'all' | 'stock_urgent' | 'pending_orders' | 'encore' | 'now' | 'explained' | 'unexplained' | 'delisted'

export const FILTERS: readonly [Filter, ...Filter[]] = ['all', 'stock_urgent', 'pending_orders', 'encore', 'now', 'explained', 'unexplained', 'delisted']

/** A row and its key; rows are not copied, there may be hundreds, four times a second. */
export interface Product {
  readonly product: string
  readonly row: ProductRow
}

export interface Order {
  column: string
  descending: boolean
}

/** How products stand until somebody sorts them. */
export const FIRST: Order = { column: 'gmv', descending: true }

/** An order as it stands in an address: the column, behind a minus where it descends. */
export function written({ column, descending }: Order): string {
  return (descending ? '-' : '') + column
}

export function orderOf(text: string): Order {
  const column = text.replace(/^-/, '')
  return /^[a-z_]+$/.test(column) ? { column, descending: text.startsWith('-') } : FIRST
}

/** Columns of the row itself; every other column is a metric, and stands in the row as "total.<metric>". */
const OWN = new Set(['number', 'title', 'price', 'stock', 'campaign_stock', 'explanations'])

export function cell(row: ProductRow, column: string): unknown {
  return OWN.has(column) ? row[column] : row[`total.${column}`]
}

/** What people call a product: the link's number, as viewers see it, and its title. */
export function productLabel(product: string, row: Pick<ProductRow, 'number' | 'title'> | undefined): string {
  const title = row?.title || product
  return row?.number ? `#${row.number} ${title}` : title
}

/** All that can still be sold; null when the shop never said. */
export function stockLeft(row: ProductRow): number | null {
  return row.stock === null || row.stock === undefined ? null : row.stock + (row.campaign_stock ?? 0)
}

export function passes(row: ProductRow, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'now':
      return row.explaining
    case 'explained':
      return row.explanations > 0
    case 'unexplained':
      return row.explanations === 0
    case 'delisted':
      return !row.listed && row.listed_at !== null
    default:
      return row.badges.includes(filter)
  }
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b), 'zh')
}

/** Rows without a value come last, whichever way it is sorted; equal rows keep the order of the shelf. */
function byOrder({ column, descending }: Order): (a: Product, b: Product) => number {
  const value = column === 'stock' ? stockLeft : (row: ProductRow) => cell(row, column)
  return ({ row: a }, { row: b }) => {
    const x = value(a) ?? null
    const y = value(b) ?? null
    if (x === null || y === null) return x === y ? a.position - b.position : x === null ? 1 : -1
    return (descending ? -compare(x, y) : compare(x, y)) || a.position - b.position
  }
}

export function select(rows: ReadonlyMap<string, ProductRow>, filter: Filter, search: string, order: Order): Product[] {
  const wanted = search.trim().toLocaleLowerCase()
  const found: Product[] = []
  for (const [product, row] of rows) {
    if (!passes(row, filter)) continue
    if (wanted && !`${row.title ?? ''} ${product}`.toLocaleLowerCase().includes(wanted)) continue
    found.push({ product, row })
  }
  return found.sort(byOrder(order))
}

/** The few that fit on the overview: what is being explained, then what sells. */
export function foremost(rows: ReadonlyMap<string, ProductRow>): Product[] {
  const all = select(rows, 'all', '', { column: 'gmv', descending: true }).filter(({ row }) => row.listed)
  return [...all.filter(({ row }) => row.explaining), ...all.filter(({ row }) => !row.explaining)]
}
