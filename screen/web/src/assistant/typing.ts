/** What is picked by typing: the time of a scene, and a product. Pure. */

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** `-3` is 3 minutes ago, `14:05` or `14:05:30` the last such time of day here; '' is now; null says nothing. */
export function timeTyped(text: string, now: number): number | null {
  const typed = text.trim().replaceAll('\uff1a', ':').replaceAll('\uff0d', '-') // as a Chinese keyboard writes them
  if (!typed) return now
  const back = /^-(\d{1,3})$/.exec(typed)
  if (back) return now - Number(back[1]) * MINUTE_MS
  const found = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(typed)
  if (!found) return null
  const [hour, minute, second] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59) return null
  const at = new Date(now).setHours(hour, minute, second, 0)
  return at > now ? at - DAY_MS : at
}

export interface Choice {
  product: string
  title: string
  listed: boolean
}

/** The products that match what was typed: those whose name or id begins so first, then those that hold it; listed ones first among equals. */
export function productsTyped(text: string, choices: readonly Choice[], most = 6): Choice[] {
  const typed = text.trim().toLowerCase()
  const rank = ({ title, product }: Choice): number => {
    const names = [title.toLowerCase(), product.toLowerCase()]
    if (names.some((name) => name.startsWith(typed))) return 0
    return names.some((name) => name.includes(typed)) ? 1 : 2
  }
  return choices
    .map((choice) => ({ choice, rank: rank(choice) }))
    .filter((one) => one.rank < 2)
    .sort((a, b) => a.rank - b.rank || Number(b.choice.listed) - Number(a.choice.listed))
    .slice(0, most)
    .map((one) => one.choice)
}
