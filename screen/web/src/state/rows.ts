/** The tables of a room as the views read them (streams/frames.py says how they are made). */

export type Num = number | null

export interface RoomFacts {
  title?: string | null
  status?: 'unopened' | 'live' | 'ended'
  host?: string | null
  currency?: string | null
  goal_gmv?: Num
  opened_at?: Num
  closed_at?: Num
}

export type Figures = Readonly<Record<string, Num>>

export interface StageRow {
  position: number
  users: number
  rate: Num
}

export interface SourceRow {
  natural: boolean
  entries: number
  entries_share: Num
  orders_paid: number
  gmv: number
  gmv_share: Num
  gpm: Num
  conversion: Num
  order_value: Num
  cost: Num
  roi: Num
}

/** Also carries "total.<metric>" and "last_5m.<metric>". */
export interface ProductRow {
  readonly [column: string]: unknown
  position: number
  title: string | null
  price: Num
  image: string | null
  stock: Num
  campaign_stock: Num
  listed: boolean
  explaining: boolean
  explanations: number
  badges: string[]
}

export interface AudienceRow {
  dimension: string
  value: string
  viewers: number
  buyers: number
  tgi: Num
  watching: number
  paid: number
  unpaid: number
}

export interface CommentRow {
  at: number
  user: string
  nickname?: string | null
  text: string
  fan?: boolean | null
  customer?: string | null
}

export interface SceneRow {
  readonly [field: string]: unknown
  kind: string
  at: number
}

export interface Shapes {
  figures: Figures
  funnel: StageRow
  sources: SourceRow
  products: ProductRow
  audience: AudienceRow
  minutes: Figures
  comments: CommentRow
  words: { count: number }
  scenes: SceneRow
  alerts: SceneRow
}
