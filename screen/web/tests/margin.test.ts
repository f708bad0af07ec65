import { afterEach, expect, it, vi } from 'vitest'

vi.hoisted(() => vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined }))

import { breakEven, percentOf, verdict } from '../src/panels/flow/margin'
import { preferences } from '../src/state/preferences.svelte'

afterEach(() => {
  preferences.margin.value = 0
})

it('reads a margin as people write it, and no other', () => {
  expect(['40', ' 12.5% ', '30％'].map(percentOf)).toEqual([40, 12.5, 30])
  expect(['', '0', '-3', '101', 'x', '1e9'].map(percentOf)).toEqual([null, null, null, null, null, null])
})

it('judges a net ROI by what is left of a price, and not at all before that was said', () => {
  expect([breakEven(), verdict(9)]).toEqual([null, undefined])
  preferences.margin.value = 40
  expect(breakEven()).toBe(2.5)
  expect([verdict(2.49), verdict(2.5), verdict(null)]).toEqual(['bad', 'good', undefined])
})

