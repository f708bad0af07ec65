import { keep, kept } from './kept'

/** A choice that this browser remembers. */
class Kept<T> {
  private held: T

  constructor(
    private readonly name: string,
    readonly initial: T,
  ) {
    this.held = $state(kept(name, initial))
  }

  get value(): T {
    return this.held
  }

  set value(next: T) {
    this.held = next
    keep(this.name, next)
  }
}

const CORE = [
  'online', 'viewers', 'average_watch_seconds', 'view_rate', 'interaction_rate', 'new_fans',
  'orders_paid', 'buyers', 'click_pay_rate', 'pay_rate', 'gpm', 'orders_unpaid',
] // prettier-ignore

export const preferences = {
  core: new Kept<string[]>('core', CORE),
  trend: new Kept<[string, string]>('trend', ['online', 'gmv']),
  words: new Kept<'part' | 'whole'>('words', 'whole'),
  productTrend: new Kept<[string, string]>('product-trend', ['product_clicks', 'gmv']),
  sourceTrend: new Kept<[string, string]>('source-trend', ['entries', 'gmv']),
  /** What is left of a price after all but advertising, per cent; 0: not said. */
  margin: new Kept<number>('margin', 0),
  paidTrend: new Kept<[string, string]>('paid-trend', ['cost', 'gmv']),
  trendMinutes: new Kept<number>('trend-minutes', 0),
  /** The marks of the trend that are not shown. */
  trendHidden: new Kept<string[]>('trend-hidden', []),
  productColumns: new Kept<string[]>('product-columns', [
    'gmv', 'items_sold', 'product_click_users', 'click_rate', 'click_pay_rate', 'stock', 'orders_unpaid', 'gpm', 'payment_rate', 'explanations',
  ]), // prettier-ignore
}

/** Draws a metric on the left axis of the room's trend. */
export function showInTrend(metric: string): void {
  const [first, second] = preferences.trend.value
  preferences.trend.value = [metric, second === metric ? first : second]
}
