import { describe, expect, it } from 'vitest'

import { hideAmounts, withoutMoney } from '../src/link/money'
import { firstCamera } from '../src/state/camera.svelte'

describe('without money', () => {
  it('has nothing of an amount, wherever it stands', () => {
    const frame = {
      figures: { total: { gmv: 123_456, online: 7, gpm: 12.5, roi: 3 } },
      products: { p1: { title: '茶', price: 9900, 'total.gmv': 55, 'total.items_sold': 3, 'last_5m.gmv': 1 } },
      scenes: { s1: { kind: 'spent', amount: 100, source: 'ads_feed' } },
      room: { facts: { goal_gmv: 1_000_000, currency: 'CNY' } },
    }
    expect(withoutMoney(frame)).toEqual({
      figures: { total: { gmv: null, online: 7, gpm: null, roi: null } },
      products: { p1: { title: '茶', price: null, 'total.gmv': null, 'total.items_sold': 3, 'last_5m.gmv': null } },
      scenes: { s1: { kind: 'spent', amount: null, source: 'ads_feed' } },
      room: { facts: { goal_gmv: null, currency: 'CNY' } },
    })
  })

  it('has no sums by currency, and keeps rows that only have such a name', () => {
    expect(withoutMoney({ on_air: { rooms: 2, gmv: { CNY: 1, JPY: 2 } } })).toEqual({ on_air: { rooms: 2, gmv: {} } })
    expect(withoutMoney({ words: { price: { count: 3 } }, sources: { cost: { entries: 4, gmv: 5 } } })).toEqual({ words: { price: { count: 3 } }, sources: { cost: { entries: 4, gmv: null } } })
  })

  it('keeps what says nothing of money, and the names of things', () => {
    const rows = { a: [1, 'x', null, true], product: 'RM 12', order: '¥1', deleted: null, gmv: undefined }
    expect(withoutMoney(rows)).toEqual(rows)
  })

  it.each([
    ['近 5 分钟成交 ¥1,234.50，比前 5 分钟(¥9.9万)少 12.3%', '近 5 分钟成交 •••，比前 5 分钟(•••)少 12.3%'],
    ['GMV JPY 1,234 in 5 minutes, 3 refunds, $12.5K in all', 'GMV ••• in 5 minutes, 3 refunds, ••• in all'],
    ['现在只要99元，还剩 20 件', '现在只要•••，还剩 20 件'],
    ['S$ 12 · €3 · -¥5 · ￥ 8', 'S••• · ••• · -••• · •••'],
    ['OLED 55 寸, 3 for 2, 12:30', 'OLED 55 寸, 3 for 2, 12:30'],
  ])('hides amounts in texts: %s', (text, hidden) => {
    expect(hideAmounts(text)).toBe(hidden)
  })

  it('begins as the address says, else as it was left', () => {
    expect([firstCamera('?camera=1', false), firstCamera('?camera=0', true), firstCamera('', true), firstCamera('', 'yes')]).toEqual([true, false, true, false])
  })
})
