import { foremost, type Product, stockLeft } from '../panels/products/select'
import { importance } from '../panels/talk/importance'
import type { CommentRow, ProductRow } from '../state/rows'

/** What the host's screen shows beside figures. Pure. */
const ASKED_MS = 5 * 60_000

/** What viewers lately asked, the newest first; the same words once. `at`: the server's clock, ms. */
export function questions(comments: Iterable<readonly [string, CommentRow]>, at: number, most: number): { id: string; row: CommentRow }[] {
  const asked = [...comments].filter(([, row]) => at - row.at < ASKED_MS && importance(row.text) === 'question').sort((a, b) => b[1].at - a[1].at)
  const found = new Map<string, { id: string; row: CommentRow }>()
  for (const [id, row] of asked) if (!found.has(row.text.trim())) found.set(row.text.trim(), { id, row })
  return [...found.values()].slice(0, most)
}

export type Next = Product & { why: 'unexplained' | 'encore' }

/** What to show next: on the shelf after the one that is shown, the first in stock that was not explained yet, else the best worth showing again. */
export function next(rows: ReadonlyMap<string, ProductRow>): Next | undefined {
  const all = foremost(rows).filter(({ row }) => !row.explaining && stockLeft(row) !== 0)
  const now = [...rows.values()].find((row) => row.explaining)?.position ?? -1
  const shelf = all.filter(({ row }) => !row.explanations).sort((a, b) => a.row.position - b.row.position)
  const unexplained = shelf.find(({ row }) => row.position > now) ?? shelf[0]
  if (unexplained) return { ...unexplained, why: 'unexplained' }
  const encore = all.find(({ row }) => row.badges.includes('encore'))
  return encore && { ...encore, why: 'encore' }
}
