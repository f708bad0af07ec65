import { expect, it } from 'vitest'

import { newestOf } from '../src/link/honesty'
import { byNeed, choose, lateness, type RoomTile } from '../src/state/wall.svelte'

const NOW = 1_700_000_000_000
const tile = (room: string, gmv: number, fields: Partial<RoomTile> = {}): RoomTile => ({ room, status: 'live', at: NOW, as_of: { 'live.views': NOW - 900 }, total: { gmv }, ...fields })

it('puts first what needs eyes', () => {
  const rooms = [tile('ended', 99, { status: 'ended' }), tile('small', 1), tile('stopped', 50, { as_of: { 'live.views': NOW - 9_000_000 } }), tile('large', 9), tile('alarmed', 2, { alerts: 1 })]
  expect(byNeed(rooms).map(({ room }) => room)).toEqual(['alarmed', 'large', 'small', 'ended', 'stopped'])
})

it('knows how late a room on air is', () => {
  expect(lateness(tile('r', 1))).toBe(0)
  expect(lateness(tile('r', 1, { as_of: { 'live.views': NOW - 45_000, 'live.orders': null } }))).toBe(45_000)
  expect(lateness(tile('r', 1, { status: 'ended', as_of: { 'live.views': 0 } }))).toBe(0)
  expect(lateness(tile('r', 1, { as_of: {} }))).toBe(0)
  expect(newestOf({ a: null })).toBeNull()
})

it('shows the rooms that are asked for, those on air first whatever they are sorted by', () => {
  const rooms = [tile('b', 5, { title: '美妆专场', host: 'Lin' }), tile('a', 9, { alerts: 2 }), tile('old', 99, { status: 'ended', title: '美妆回放' }), tile('shut', 7, { status: 'closed' })]
  const names = (...asked: [Parameters<typeof choose>[1], string, Parameters<typeof choose>[3]]) => choose(rooms, ...asked).map(({ room }) => room)
  expect(names('all', '', 'need')).toEqual(['b', 'a', 'old', 'shut'])
  expect(names('all', '', 'gmv')).toEqual(['a', 'b', 'old', 'shut'])
  expect(names('live', '', 'gmv')).toEqual(['a', 'b'])
  expect(names('over', '', 'need')).toEqual(['old', 'shut'])
  expect(names('alerts', '', 'need')).toEqual(['a'])
  expect([names('all', ' 美妆', 'gmv'), names('all', 'LIN', 'need')]).toEqual([['b', 'old'], ['b']])
})
