import { expect, it } from 'vitest'

import type { CommentRow, ProductRow } from '../src/state/rows'
import { next, questions } from '../src/views/host'

const comment = (at: number, text: string): CommentRow => ({ at, user: 'u', text })
const product = (position: number, fields: Partial<ProductRow> = {}): ProductRow => ({ position, number: position, listed_at: null, title: null, price: null, image: null, stock: 5, campaign_stock: null, listed: true, explaining: false, explanations: 0, badges: [], ...fields })

it('shows what was lately asked, the newest first, each once', () => {
  const rows = [['1', comment(0, '多少钱')], ['2', comment(900_000, '有没有赠品')], ['3', comment(910_000, '好看')], ['4', comment(920_000, '怎么领券')], ['5', comment(930_000, '有没有赠品')]] as const
  expect(questions(rows, 1_000_000, 9).map(({ id }) => id)).toEqual(['5', '4'])
  expect(questions(rows, 1_000_000, 1)).toHaveLength(1)
})

it('shows next what comes next on the shelf and was not explained, else what is worth showing again', () => {
  const rows = new Map([['a', product(1)], ['now', product(2, { explaining: true, explanations: 1 })], ['done', product(3, { explanations: 2 })], ['gone', product(4, { listed: false })], ['sold', product(5, { stock: 0 })], ['b', product(6)]])
  expect(next(rows)).toMatchObject({ product: 'b', why: 'unexplained' })
  rows.delete('b')
  expect(next(rows)?.product).toBe('a')
  rows.delete('a')
  expect(next(rows)).toBeUndefined()
  rows.set('done', product(3, { explanations: 2, badges: ['encore'] }))
  expect(next(rows)).toMatchObject({ product: 'done', why: 'encore' })
})
