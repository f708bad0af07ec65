/** Which figures an overlay shows: `?figures=gmv,online`. Pure. */

export const DEFAULT_FIGURES = ['gmv', 'online', 'orders_paid'] as const
/** What is offered where a link is made; an address may name any figure of the dictionary. */
export const OFFERED = ['gmv', 'online', 'viewers', 'orders_paid', 'items_sold', 'buyers', 'new_fans', 'likes', 'comments', 'online_peak', 'pay_rate', 'average_watch_seconds'] as const
/** More would be too small to read over a broadcast. */
export const MOST_FIGURES = 6

/** Those that the address names and `known` tells of, in its order; without any that is known, the default. */
export function figuresOf(search: string, known: (metric: string) => boolean): string[] {
  const named = (new URLSearchParams(search).get('figures') ?? '').split(',').map((name) => name.trim())
  const good = [...new Set(named)].filter((name) => name && known(name)).slice(0, MOST_FIGURES)
  return good.length ? good : DEFAULT_FIGURES.filter(known)
}

/** How much room a figure takes, in widths of a digit: signs of Chinese are twice as wide. */
export function widthOf(text: string): number {
  return [...text].reduce((sum, sign) => sum + (/[ᄀ-￯]/.test(sign) ? 1.9 : /[.,:]/.test(sign) ? 0.5 : 1), 0)
}
