import { describe, expect, it } from 'vitest'

import { type Facts, isStale, judge } from '../src/link/honesty'

const NOW = 1_700_000_000_000
const fresh = { 'live.views': NOW - 800, 'live.clicks': NOW - 900, 'live.orders': NOW - 4_000, 'live.comments': null, 'live.scenes': NOW - 9_000_000 }
const good: Facts = { link: 'open', status: 'live', unheard: 200, at: NOW, asOf: fresh, lateMs: 15_000, store: { state: 'ok', since: 0 } }
const kind = (change: Partial<Facts>) => judge({ ...good, ...change }).kind

describe('judge', () => {
  it('calls fresh figures live', () => {
    expect(judge(good)).toEqual({ kind: 'live' })
    expect(isStale(judge(good))).toBe(false)
  })

  it('tells the states apart', () => {
    expect(kind({ unheard: null })).toBe('connecting')
    expect(kind({ link: 'offline' })).toBe('offline')
    expect(kind({ link: 'away' })).toBe('away')
    expect(kind({ link: 'full' })).toBe('full')
    expect(kind({ unheard: 4_000 })).toBe('frozen')
    expect(kind({ store: { state: 'away', since: NOW - 5_000 } })).toBe('store')
    expect(kind({ status: 'ended', asOf: { 'live.views': NOW - 9_000_000 } })).toBe('resting')
  })

  it('does not cry while a short break heals itself', () => {
    expect(kind({ link: 'connecting', unheard: 1_500 })).toBe('live')
    expect(kind({ link: 'connecting', unheard: 3_600 })).toBe('frozen')
  })

  it('says since when, counting what has passed since the last frame', () => {
    expect(judge({ ...good, store: { state: 'away', since: NOW - 5_000 } })).toEqual({ kind: 'store', since: 5_200 })
  })

  it('calls it behind when the youngest of all topics is old, whatever the scenes say', () => {
    const late = { 'live.views': NOW - 45_000, 'live.orders': NOW - 60_000, 'live.scenes': NOW }
    expect(judge({ ...good, asOf: late })).toEqual({ kind: 'behind', since: 45_200 })
  })

  it('calls one quiet topic silent, and greys nothing', () => {
    const quiet = judge({ ...good, asOf: { ...fresh, 'live.orders': NOW - 700_000 } })
    expect(quiet).toEqual({ kind: 'silent', since: 700_200, topics: ['live.orders'] })
    expect(isStale(quiet)).toBe(false)
  })

  it('has nothing to say of a room without events', () => {
    expect(kind({ asOf: {} })).toBe('live')
  })
})

describe('one limit', () => {
  it('calls figures late from the setting on, as the rules do', () => {
    const late = (ms: number, lateMs: number) => judge({ ...good, lateMs, unheard: 0, asOf: { 'live.views': NOW - ms } }).kind
    expect([late(15_000, 15_000), late(15_001, 15_000), late(29_000, 30_000)]).toEqual(['live', 'behind', 'live'])
  })

  it('does not call a room at rest in which nothing comes in', () => {
    expect(judge({ ...good, status: 'silent', asOf: { 'live.views': NOW - 2_000_000 } }).kind).toBe('behind')
    expect(judge({ ...good, status: 'closed', asOf: { 'live.views': NOW - 30_000_000 } }).kind).toBe('resting')
  })
})
