import { describe, expect, it } from 'vitest'

import { Heard, type Told } from '../src/alarm/heard'

const NOW = 1_000_000_000
const critical: Told = { severity: 'critical', status: 'firing', title_zh: '在线骤降', title_en: 'Viewers fell', fired_at: NOW - 1_000 }

describe('alarms', () => {
  it('tell each critical alert once', () => {
    const heard = new Heard()
    expect(heard.news('r1', [critical], NOW)).toEqual([critical])
    expect(heard.news('r1', [critical], NOW + 1_000)).toEqual([])
    expect(heard.news('r2', [critical], NOW)).toHaveLength(1)
  })

  it('tell it again when it fires again', () => {
    const heard = new Heard()
    heard.news('r1', [critical], NOW)
    expect(heard.news('r1', [{ ...critical, fired_at: NOW + 60_000 }], NOW + 61_000)).toHaveLength(1)
  })

  it('leave out what is not critical, not firing, or was there long before', () => {
    const others: Told[] = [
      { ...critical, severity: 'warning' },
      { ...critical, title_zh: 'b', status: 'acknowledged' },
      { ...critical, title_zh: 'c', status: 'resolved' },
      { ...critical, title_zh: 'd', fired_at: NOW - 61_000 },
    ]
    expect(new Heard().news('r1', others, NOW)).toEqual([])
  })

  it('know no more than so many', () => {
    const heard = new Heard()
    const many = Array.from({ length: 600 }, (_, n) => ({ ...critical, fired_at: NOW - n }))
    expect(heard.news('r1', many, NOW)).toHaveLength(600)
    expect(heard.news('r1', many.slice(-500), NOW)).toEqual([])
    expect(heard.news('r1', many.slice(0, 1), NOW)).toHaveLength(1)
  })
})
