import { expect, it } from 'vitest'

import { newestOf } from '../src/link/honesty'
import { byNeed, lateness, type RoomTile } from '../src/state/wall.svelte'

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
