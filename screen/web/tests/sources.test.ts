import { describe, expect, it } from 'vitest'

import type { Minute } from '../src/state/minutes'
import { merged, type SourceMinute, Sources, summed } from '../src/state/sources.svelte'

const MINUTE = 60_000
const row = (source: string, at: number, entries: number): SourceMinute => ({ source, at, entries })
const room = (from: number, to: number): Minute[] => Array.from({ length: to - from }, (_, i) => ({ at: (from + i) * MINUTE, figures: { entries: 9 } }))

describe('minutes of sources', () => {
  it('are merged newest over oldest, and let go when they are old', () => {
    const held = merged(merged(new Map(), [row('a', 1, 5), row('a', 2, 6), row('b', 2, 1)], 0), [row('a', 2, 7)], 2)
    expect([...(held.get('a') ?? [])]).toEqual([[2, { at: 2, entries: 7 }]])
    expect(held.get('b')?.get(2)).toEqual({ at: 2, entries: 1 })
  })

  it('are asked for once a minute, then only the newest, and the chosen one from the start', async () => {
    const asked: string[] = []
    const sources = new Sources('r', (_room, from, to, names = []) => {
      asked.push(`${names.join('+')} ${from / MINUTE}-${to / MINUTE}`)
      return Promise.resolve([row('a', (to ?? 0) - MINUTE, 3)])
    })
    const rest = () => new Promise((done) => setTimeout(done))
    sources.follow(['a', 'b'], room(0, 200))
    sources.follow(['b', 'a'], room(0, 200))
    await rest()
    sources.follow(['b', 'a'], room(0, 200))
    expect(asked).toEqual(['a+b 140-200'])
    expect(sources.line('a', room(0, 200)).slice(-2)).toEqual([0, 3])

    sources.choose('a')
    sources.follow(['a', 'b'], room(0, 200))
    await rest()
    sources.follow(['a', 'b'], room(0, 201))
    await rest()
    expect(asked.slice(1)).toEqual(['a+b 190-200', 'a 0-200', 'a+b 190-201', 'a 190-201'])
    expect(sources.minutes(room(198, 201)).map(({ figures }) => figures.entries)).toEqual([undefined, 3, 3])
    sources.choose('a')
    expect(sources.chosen).toBe('')
  })

  it('are asked for again later where the server could not be reached', async () => {
    let calls = 0
    const sources = new Sources('r', () => {
      calls++
      return Promise.resolve(undefined)
    })
    sources.follow(['a'], room(0, 10))
    await new Promise((done) => setTimeout(done))
    sources.follow(['a'], room(0, 10))
    expect(calls).toBe(1)
    sources.follow(['a'], room(0, 11))
    expect(calls).toBe(2)
  })

  it('of a group are added up, and their ratios made anew', async () => {
    const rows = (entries: number, gmv: number, orders_paid: number) => new Map([[1, { entries, gmv, orders_paid, gpm: 1, conversion: null, cost: null }]])
    expect(summed([rows(10, 500, 2), rows(30, 1_500, 2), new Map()]).get(1)).toEqual({ entries: 40, gmv: 2_000, orders_paid: 4, cost: 0, gpm: 50_000, conversion: 0.1, order_value: 500, roi: null, net_roi: null })
    expect([summed([]).size, summed([rows(1, 2, 3)]).get(1)?.gpm]).toEqual([0, 1])
    const asked: string[] = []
    const sources = new Sources('r', (_room, from, to, names = []) => {
      asked.push(`${names.join('+')} ${from / MINUTE}-${to / MINUTE}`)
      return Promise.resolve(names.map((name) => row(name, (to ?? 0) - MINUTE, 3)))
    })
    sources.choose('*paid')
    sources.follow(['a', 'b', 'c'], room(0, 6_000), { '*paid': ['c', 'b'] })
    await new Promise((done) => setTimeout(done))
    expect(asked.at(-1)).toBe('b+c 960-6000')
    expect(sources.minutes(room(5_999, 6_000))[0]?.figures.entries).toBe(6)
  })

  it('of more sources than one call takes are asked for in several, and all added up', async () => {
    const calls: number[] = []
    const sources = new Sources('r', (_room, _from, to, names = []) => {
      calls.push(names.length)
      return Promise.resolve(names.map((name) => row(name, (to ?? 0) - MINUTE, 1)))
    })
    const names = Array.from({ length: 40 }, (_, i) => `ads_${i}`)
    sources.choose('*paid')
    sources.follow([], room(0, 60), { '*paid': names })
    await new Promise((done) => setTimeout(done))
    expect(calls).toEqual([16, 16, 8])
    expect(sources.minutes(room(59, 60))[0]?.figures.entries).toBe(40)
  })
})
