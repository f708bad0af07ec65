/** The tables of a room as the views read them (streams/frames.py says how they are made). */

export type Num = number | null

/** `silent`: nothing has come in for half an hour; `closed`: by the system, for it was silent for hours; `ended`: somebody closed it. */
export type Status = 'unopened' | 'live' | 'silent' | 'closed' | 'ended'

export interface RoomFacts {
  title?: string | null
  status?: Status
  host?: string | null
  currency?: string | null
  /** Where it is broadcast; `simulated`: nowhere. */
  platform?: string | null
  goal_gmv?: Num
  opened_at?: Num
  closed_at?: Num
  /** Its times on air, [start, end] in ms; the end is null while it goes on. */
  spans?: readonly (readonly [number, Num])[]
  /** Of a room with very many products only those that sell most come with a frame. */
  products_total?: number
}

/** What the age of a figure, or of an order, is judged by: the same for the screen, the wall and the rules. */
export interface Limits {
  late_seconds: number
  unpaid_minutes: number
  silent_hours: number
}

/** All open orders of a room or product: those that wait for payment, since when (ms), and those that waited too long. */
export interface Ledger {
  orders: number
  lapsed: number
  oldest_at: Num
}

export type Figures = Readonly<Record<string, Num>>

export interface StageRow {
  position: number
  users: number
  rate: Num
  /** The same of the last five minutes, and of the hour before them. */
  rate_5m: Num
  rate_hour: Num
}

/** All natural or all paid sources together. */
export interface ChannelRow {
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
  refund_amount: number
  net_gmv: Num
  net_roi: Num
}

export interface SourceRow extends ChannelRow {
  natural: boolean
}

/** What was spent on a plan; what came of it is known where its source has no other. */
export interface PlanRow {
  source: string
  plan: string
  cost: number
  cost_share: Num
  gmv: Num
  net_gmv: Num
  roi: Num
  net_roi: Num
}

/** Also carries "total.<metric>" and "last_5m.<metric>". */
export interface ProductRow {
  readonly [column: string]: unknown
  position: number
  /** The link's, as viewers see it; null: never listed. */
  number: Num
  listed_at: Num
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

/** Something said in the room that is likely against a rule of the platform or the law; a flood has no text of its own, and grows. */
export interface ViolationRow {
  at: number
  rule: string
  text: string | null
  nickname: string | null
  user: string | null
  term: string | null
  count: number
}

/** The texts come in both languages, made by the rule that fires. Times in ms. */
export interface AlertRow {
  rule: string
  /** "" (the room), or a product, source or violation. */
  subject: string
  status: 'firing' | 'acknowledged' | 'resolved'
  at: number
  fired_at: number
  resolved_at: Num
  severity: 'critical' | 'warning' | 'info'
  kind: string
  title_zh: string
  title_en: string
  message_zh: string
  message_en: string
  false_alarm?: boolean
  unknown?: string | null
  acknowledged_by?: string | null
  assigned_to?: string | null
  comment?: string | null
}

/** A short answer of the last 2 minutes: how many people gave it, and in how many comments. */
export interface PollRow {
  users: number
  times: number
}

/** One thing that somebody did. Order events carry the order; `user` is masked. */
export interface FeedRow {
  id: string
  kind: 'created' | 'paid' | 'cancelled' | 'refunded' | 'followed' | 'joined_club'
  at: number
  user: string
  order?: string
  product?: string
  quantity?: number
  amount?: number
  sku?: string | null
}

export interface Shapes {
  figures: Figures
  funnel: StageRow
  sources: SourceRow
  channels: ChannelRow
  plans: PlanRow
  products: ProductRow
  audience: AudienceRow
  minutes: Figures
  comments: CommentRow
  words: { count: number }
  words_5m: { count: number }
  polls: PollRow
  feed: FeedRow
  scenes: SceneRow
  alerts: AlertRow
  violations: ViolationRow
  violation_counts: { count: number }
}
