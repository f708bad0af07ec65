import { describe, expect, it } from 'vitest'

import { differences, lastFive, slices } from '../src/panels/audience/profile'
import { cell, foremost, orderOf, select, stockLeft, written } from '../src/panels/products/select'
import { visible } from '../src/panels/products/window'
import { ongoing, worstFirst } from '../src/panels/alerts/order'
import { importance } from '../src/panels/talk/importance'
import { counted, orderLines } from '../src/panels/talk/orders'
import { clusters } from '../src/panels/trend/clusters'
import { alertScenes, foundScenes, legendOf, markers } from '../src/panels/trend/markers'
import { dragged, scaled, zoomedIn } from '../src/panels/trend/zoom'
import { finished, inOrder, series, spanning, within } from '../src/state/minutes'
import type { AlertRow, AudienceRow, FeedRow, ProductRow, SceneRow, ViolationRow } from '../src/state/rows'
import { sparkPath } from '../src/ui/spark'
import { Steady } from '../src/ui/steady.svelte'
import { nextTab, tabOf, tabOfKey } from '../src/views/tabs'
import { productPath, route } from '../src/route'

const product = (position: number, fields: Partial<ProductRow> & Record<string, unknown> = {}): ProductRow => ({
  number: position,
  listed_at: 1,
  position, title: `商品 ${position}`, price: 100 * position, image: null, stock: 20, campaign_stock: null, listed: true, explaining: false, explanations: 0, badges: [], ...fields,
}) // prettier-ignore

describe('products', () => {
  const rows = new Map([
    ['a', product(1, { 'total.gmv': 10 })],
    ['b', product(2, { 'total.gmv': 30, badges: ['encore'], title: 'Mask 面膜' })],
    ['c', product(3, { 'total.gmv': null, explaining: true, explanations: 2 })],
    ['d', product(4, { 'total.gmv': 20, listed: false })],
  ])
  const names = (found: { product: string }[]) => found.map((row) => row.product).join('')

  it('sort with the valueless last, both ways', () => {
    expect(names(select(rows, 'all', '', { column: 'gmv', descending: true }))).toBe('bdac')
    expect(names(select(rows, 'all', '', { column: 'gmv', descending: false }))).toBe('adbc')
  })

  it('stand in the address as they are sorted', () => {
    expect([orderOf('-stock'), orderOf('title'), orderOf(''), orderOf('<b>')].map(written)).toEqual(['-stock', 'title', '-gmv', '-gmv'])
  })

  it('are found by title or id, whatever the case', () => {
    expect(names(select(rows, 'all', ' mASK ', { column: 'position', descending: false }))).toBe('b')
    expect(names(select(rows, 'all', 'd', { column: 'position', descending: false }))).toBe('d')
  })

  it('are filtered by badge and explanation', () => {
    const order = { column: 'position', descending: false }
    expect(names(select(rows, 'encore', '', order))).toBe('b')
    expect(names(select(rows, 'now', '', order))).toBe('c')
    expect(names(select(rows, 'unexplained', '', order))).toBe('abd')
    expect(names(select(rows, 'delisted', '', order))).toBe('d')
  })

  it('put what is explained first on the overview, without the delisted', () => {
    expect(names(foremost(rows))).toBe('cba')
  })

  it('count both stocks', () => {
    expect(stockLeft(product(1, { stock: 3, campaign_stock: 4 }))).toBe(7)
    expect(stockLeft(product(1, { stock: null }))).toBeNull()
    expect(cell(product(7), 'price')).toBe(700)
  })

  it('are drawn only where they are seen', () => {
    expect(visible(200, 48, 4_800, 960)).toEqual({ from: 94, to: 126, above: 94 * 48, below: 74 * 48 })
    expect(visible(3, 48, 0, 960)).toEqual({ from: 0, to: 3, above: 0, below: 0 })
    expect(visible(0, 48, 9_000, 960)).toEqual({ from: 0, to: 0, above: 0, below: 0 })
  })
})

describe('audience', () => {
  const row = (dimension: string, value: string, viewers: number, buyers: number): AudienceRow => ({ dimension, value, viewers, buyers, tgi: null, watching: viewers, paid: buyers, unpaid: viewers - buyers })
  const rows = [row('gender', 'm', 500, 20), row('gender', 'f', 500, 80), row('age', '50+', 10, 0), row('age', '18-23', 990, 100), row('age', '<18', 0, 0), row('gender', 'unknown', 0, 0)]

  it('keeps ages in order and the unknown last', () => {
    expect(slices(rows, 'age').map(({ value }) => value)).toEqual(['<18', '18-23', '50+'])
    expect(slices(rows, 'gender').map(({ value }) => value)).toEqual(['f', 'm', 'unknown'])
    expect(slices(rows, 'gender')[0]).toMatchObject({ viewerShare: 0.5, buyerShare: 0.8 })
    expect(slices([], 'gender')).toEqual([])
  })

  it('keeps the usual ages in order, then a platform’s own bands by their viewers, what is too much to count apart, the unknown', () => {
    const own = [row('age', 'unknown', 900, 9), row('age', 'overflow', 800, 400), row('age', '25-34', 10, 1), row('age', '50+', 5, 1), row('age', '银发', 20, 1), row('age', '<18', 1, 0)]
    expect(slices(own, 'age').map(({ value }) => value)).toEqual(['<18', '50+', '银发', '25-34', 'overflow', 'unknown'])
    expect(differences(own, 9)).toEqual([])
  })

  it('tells the strongest differences of slices large enough', () => {
    expect(differences(rows, 3)).toEqual([
      { dimension: 'gender', value: 'm', times: 0.4 },
      { dimension: 'gender', value: 'f', times: 1.6 },
    ])
    expect(differences([row('gender', 'f', 10, 5), row('gender', 'm', 10, 1)], 3)).toEqual([])
  })

  it('counts everybody once', () => {
    expect(lastFive(rows)).toEqual({ watching: 1_000, paid: 100, unpaid: 900 })
  })
})

describe('minutes', () => {
  const rows = new Map([['180000', { gmv: 3, view_rate: 0.5 }], ['0', { gmv: 1, view_rate: null }]] as const) // prettier-ignore

  it('come in order, with the empty ones between', () => {
    const all = inOrder(rows)
    expect(all.map(({ at }) => at)).toEqual([0, 60_000, 120_000, 180_000])
    expect(series(all, 'gmv', 'money', 10)).toEqual([1, 0, 0, 3])
    expect(series(all, 'view_rate', 'ratio', 3)).toEqual([null, null, 0.5])
  })

  it('leave out the running one once there are enough', () => {
    expect(finished(inOrder(rows), 200_000)).toHaveLength(3)
    expect(finished(inOrder(rows), 240_000)).toHaveLength(4)
  })

  it('can be those of the last hours', () => {
    const long = inOrder(new Map([['0', {}], ['7200000', {}]] as const)) // prettier-ignore
    expect(within(long, 60)).toHaveLength(60)
    expect(within(long, 10)).toHaveLength(10)
    expect(within(long, 0)).toHaveLength(121)
  })
})

describe('markers', () => {
  const scene = (at: number, kind: string, fields: object = {}): SceneRow => ({ at, kind, ...fields })
  const plot = { from: 0, span: 100, width: 100 }
  const word = ({ kind, text }: { kind: string; text: string }) => text || kind

  it('mark what counts, in order of time', () => {
    const found = markers([scene(60, 'noted', { text: '好' }), scene(50, 'violated', { reason: 'r' }), scene(10, 'explain_started', { product: 'p' }), scene(20, 'explain_ended'), scene(900, 'noted')], 0, 100, (p) => `title of ${p}`)
    expect(found.map(({ kind, text }) => [kind, text])).toEqual([['explain_started', 'title of p'], ['violated', 'r'], ['noted', '好']])
    expect(found.map(legendOf)).toEqual(['explain', 'trouble', 'note'])
  })

  it('that are near each other are one, of the gravest, and lose none', () => {
    const near = markers([scene(50, 'noted', { text: 'a' }), scene(50.5, 'alert', { text: 'b' }), scene(50.8, 'noted', { text: 'c' }), scene(70, 'noted', { text: 'd' })], 0, 100, String)
    const found = clusters(near, plot, word)
    expect(found.map(({ head, members, label }) => [head.text, members.length, label?.text])).toEqual([['b', 3, 'b +2'], ['d', 1, 'd']])
  })

  it('have labels that never touch and never leave the plot', () => {
    const many = markers(Array.from({ length: 60 }, (_, i) => scene(i * 1.6, i % 9 ? 'noted' : 'alert', { text: `第${i}条记录很长` })), 0, 100, String)
    for (const width of [20, 60, 140]) {
      const found = clusters(many, { ...plot, width }, word)
      expect(found.flatMap(({ members }) => members)).toHaveLength(60)
      const boxes = found.flatMap(({ label }) => (label ? [{ left: label.left * width, right: label.left * width + label.width }] : [])).sort((a, b) => a.left - b.left)
      expect(boxes.length).toBeGreaterThan(width > 20 ? 1 : 0)
      boxes.forEach((box, i) => expect(box.left).toBeGreaterThanOrEqual(i ? (boxes[i - 1]?.right ?? 0) : 0))
      expect(boxes.at(-1)?.right).toBeLessThanOrEqual(width + 0.001)
    }
  })
})

describe('a part of the trend', () => {
  const minutes = Array.from({ length: 61 }, (_, i) => ({ at: i * 60_000, figures: {} }))
  it('is what was dragged over, either way, unless that is too short to be meant', () => {
    expect(dragged(minutes, 0.5, 0.25)).toEqual({ from: 900_000, to: 1_800_000 })
    expect(dragged(minutes, 0.5, 0.51)).toBeUndefined()
    expect(zoomedIn(minutes, { from: 900_000, to: 1_800_000 })).toHaveLength(16)
    expect(zoomedIn(minutes, { from: 9e9, to: 9.1e9 })).toHaveLength(61)
  })

  it('is half or twice as long around the minute that is read', () => {
    expect(scaled(minutes, 1_800_000, true)).toEqual({ from: 900_000, to: 2_700_000 })
    expect(scaled(minutes, 0, false)).toEqual({ from: 0, to: 7_200_000 })
  })
})

describe('violations found in comments', () => {
  const violation = (at: number, rule: string, count = 1): ViolationRow => ({ at, rule, count, text: null, nickname: null, user: null, term: null })
  it('are one mark a minute, without a label of their own', () => {
    const scenes = foundScenes([violation(61_000, 'abuse'), violation(62_000, 'flood', 9), violation(65_000, 'abuse'), violation(190_000, 'contact')], (rule) => rule.toUpperCase())
    const found = clusters(markers(scenes, 0, 240_000, String), { from: 0, span: 240_000, width: 60 }, ({ text }) => text)
    expect(found.map(({ at, head, label }) => [at, head.text, head.tone, label])).toEqual([
      [61_000, 'ABUSE ×2, FLOOD ×9', 'trouble', undefined],
      [190_000, 'CONTACT ×1', 'trouble', undefined],
    ])
  })
})

describe('a list that sorts itself', () => {
  it('stays while somebody aims at a row, with what is new at its end, and goes on when they leave', async () => {
    const rows = new EventTarget() as HTMLElement
    const steady = new Steady<string>((row) => row)
    const stop = steady.watch(rows)
    expect(steady.order(['b', 'a'])).toEqual(['b', 'a'])
    expect(steady.order(['a', 'b'])).toEqual(['a', 'b'])
    rows.dispatchEvent(new Event('pointermove'))
    expect(steady.order(['new', 'b', 'a'])).toEqual(['a', 'b', 'new'])
    expect(steady.order(['new', 'b'])).toEqual(['b', 'new'])
    rows.dispatchEvent(new Event('pointerleave'))
    await new Promise((rest) => setTimeout(rest, 5))
    expect(steady.order(['new', 'b'])).toEqual(['new', 'b'])
    stop()
  })
})

it('may keep the place of a row that is gone while somebody aims at the others', async () => {
  const rows = new EventTarget() as HTMLElement
  const steady = new Steady<string>((row) => row, true)
  steady.watch(rows)
  steady.order(['a', 'b', 'c'])
  rows.dispatchEvent(new Event('pointermove'))
  expect(steady.order(['new', 'a', 'c'])).toEqual(['a', 'b', 'c', 'new'])
  rows.dispatchEvent(new Event('pointerleave'))
  await new Promise((rest) => setTimeout(rest, 5))
  expect(steady.order(['new', 'a', 'c'])).toEqual(['new', 'a', 'c'])
})

describe('alerts', () => {
  const alert = (fields: Partial<AlertRow>): AlertRow => ({
    rule: 'r', subject: '', status: 'firing', at: 0, fired_at: 0, resolved_at: null, severity: 'warning', kind: 'traffic', title_zh: '题', title_en: 'Title', message_zh: '', message_en: '', ...fields,
  }) // prettier-ignore
  const rows = new Map([
    ['over', alert({ status: 'resolved', severity: 'critical', fired_at: 9 })],
    ['seen', alert({ status: 'acknowledged', severity: 'critical', fired_at: 8 })],
    ['old', alert({ fired_at: 1 })],
    ['new', alert({ fired_at: 2 })],
    ['grave', alert({ severity: 'critical', fired_at: 0 })],
    ['small', alert({ severity: 'info', fired_at: 7 })],
  ])

  it('come unseen first, then by severity, then the newest', () => {
    expect(worstFirst(rows).map(({ id }) => id)).toEqual(['grave', 'new', 'old', 'small', 'seen', 'over'])
    expect(ongoing(rows).map(({ id }) => id)).toEqual(['grave', 'new', 'old', 'small', 'seen'])
  })

  it('are marked on the trend where they began, unless they are small or false', () => {
    const marked = alertScenes([alert({ fired_at: 5 }), alert({ severity: 'info' }), alert({ false_alarm: true })], 'en')
    expect(marked).toEqual([{ kind: 'alert', at: 5, text: 'Title' }])
  })
})

describe('orders', () => {
  const event = (kind: FeedRow['kind'], order: string | undefined, at: number): FeedRow => ({ id: `${kind}${at}`, kind, at, user: 'u***1', ...(order && { order, product: 'p' }) })

  it('stand where their last step left them, in whatever order the steps come', () => {
    const rows = [event('paid', 'a', 20), event('created', 'a', 10), event('created', 'b', 30), event('refunded', 'c', 40), event('paid', 'c', 35), event('followed', undefined, 50), event('cancelled', 'd', 60), event('created', 'd', 5)]
    expect(orderLines(rows, 100, 1_000).map(({ order, state }) => [order, state])).toEqual([['d', 'cancelled'], ['c', 'refunded'], ['b', 'unpaid'], ['a', 'paid']]) // prettier-ignore
  })

  it('are counted by the ledger where it knows them all', () => {
    const lines = orderLines([event('created', 'new', 9), event('paid', 'a', 3), event('paid', 'b', 4)], 10, 100)
    const counts = counted(lines, { orders: 149, lapsed: 7, oldest_at: 1 })
    expect([counts.get('unpaid'), counts.get('timed_out'), counts.get('paid'), counts.get('refunded')]).toEqual([149, 7, 2, 0])
  })

  it('time out by the setting', () => {
    const rows = [event('created', 'a', 1_000)]
    expect(orderLines(rows, 1_000 + 499, 500)[0]?.state).toBe('unpaid')
    expect(orderLines(rows, 1_000 + 500, 500)[0]?.state).toBe('timed_out')
  })
})

it('fills the minutes of a product from end to end', () => {
  const all = spanning(new Map([[120_000, { gmv: 5 }]]), 60_500, 200_000)
  expect(all.map(({ at }) => at)).toEqual([60_000, 120_000, 180_000])
  expect(series(all, 'gmv', 'money', 3)).toEqual([0, 5, 0])
})

it('knows which comments somebody should look at', () => {
  expect(importance('退款怎么还没到账')).toBe('complaint')
  expect(importance('敏感肌能用吗')).toBe('question')
  expect(importance('3号链接好看')).toBe('product')
  expect(importance('主播好漂亮')).toBeUndefined()
})

it('draws small lines without a jump for noise', () => {
  expect(sparkPath([1])).toBeUndefined()
  expect(sparkPath([0, 10])?.line).toBe('M0.0 28.0L100.0 2.0')
  expect(sparkPath([100, 100.01])?.line).toBe('M0.0 15.0L100.0 15.0')
  expect(sparkPath([1, null, 2])?.line.match(/[ML]/g)).toEqual(['M', 'L'])
})

it('reads addresses and keys', () => {
  expect(route('/')).toEqual({ view: 'wall' })
  expect(route('/rooms/a%20b/host')).toEqual({ view: 'host', room: 'a b' })
  expect(route('/rooms/%zz')).toEqual({ view: 'room', room: '%zz' })
  expect(route('/rooms/a%20b/products/x%2Fy')).toEqual({ view: 'product', room: 'a b', product: 'x/y' })
  expect(route(productPath('r', 'a/b?c#d 面'))).toEqual({ view: 'product', room: 'r', product: 'a/b?c#d 面' })
  expect(route('/elsewhere')).toEqual({ view: 'none' })
  expect(tabOf('#products')).toBe('products')
  expect(tabOf('#nonsense')).toBe('overview')
  expect(tabOfKey('3')).toBe('products')
  expect(tabOfKey('9')).toBeUndefined()
  expect([nextTab('talk'), nextTab('traffic')]).toEqual(['traffic', 'overview'])
})
