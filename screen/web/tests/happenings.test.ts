import { expect, it } from 'vitest'

import { clipOf, happenings, violationsIn } from '../src/panels/talk/happenings'
import type { SceneRow, ViolationRow } from '../src/state/rows'

const found = (at: number): ViolationRow => ({ at, rule: 'contact', text: '加微信', nickname: null, user: 'u', term: null, count: 1 })
const scenes = new Map<string, SceneRow>([['n', { kind: 'noted', at: 5 }], ['v', { kind: 'violated', at: 3, clip: 'https://clips.example/1' }]]) // prettier-ignore
const rows = new Map([['a', found(4)], ['n', found(2)]]) // prettier-ignore

it('tells scenes and violations found as one, the newest first', () => {
  expect(happenings(scenes, rows, false, 10).map(({ id }) => id)).toEqual(['n', 'found:a', 'v', 'found:n'])
  expect(happenings(scenes, rows, true, 2).map(({ id }) => id)).toEqual(['found:a', 'v'])
})

it('counts all violations, whether they still have a row or not', () => {
  expect(violationsIn(scenes.values(), [{ count: 40 }, { count: 2 }])).toBe(43)
})

it('leads to clips of the web only', () => {
  expect(clipOf({ kind: 'violated', at: 0, clip: 'HTTPS://x/y' })).toBe('HTTPS://x/y')
  for (const clip of ['javascript:alert(1)', 'clip-17', '//x/y', undefined, 7]) expect(clipOf({ kind: 'violated', at: 0, clip })).toBeUndefined()
})
