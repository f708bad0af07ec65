import { describe, expect, it } from 'vitest'

import { PALETTES } from '../src/charts/palette'
import type { TrendInput } from '../src/panels/trend/option'
import { linesOf, nearest, share, step } from '../src/panels/trend/reading'
import type { Minute } from '../src/state/minutes'

const minutes: Minute[] = [0, 1, 2, 10].map((n) => ({ at: n * 60_000, figures: { gmv: n } }))

describe('reading a trend', () => {
  it('finds where a minute stands, and the minute that is nearest, with gaps between', () => {
    expect(minutes.map(({ at }) => share(minutes, at))).toEqual([0, 0.1, 0.2, 1])
    expect(share(minutes, 99 * 60_000)).toBe(1)
    expect(share(minutes.slice(0, 1), 0)).toBe(0.5)
    expect([-1, 0.14, 0.16, 0.55, 0.65, 2].map((part) => nearest(minutes, part))).toEqual([0, 1, 2, 2, 3, 3])
  })

  it('goes from minute to minute by the keys of a slider', () => {
    expect(['ArrowLeft', 'ArrowRight', 'PageDown', 'PageUp', 'Home', 'End', 'x'].map((key) => step(key, 2, 30))).toEqual([1, 3, 0, 12, 0, 29, undefined])
    expect(step('ArrowRight', 29, 30)).toBe(29)
  })

  it('tells a minute with its figures and what happened in it', () => {
    const said = { at: 119_999, kind: 'noted', tone: 'note', text: 'said' } as const
    const alarm = { at: 120_000, kind: 'violated', tone: 'trouble', text: '' } as const
    const line = { metric: 'gmv', label: 'GMV', unit: 'money', whole: 1, color: '#fff', show: (value: number) => `${value} yuan`, tick: String } as const
    const input: TrendInput = {
      minutes, rem: 16, palette: PALETTES.dark, time: (ms) => `${ms / 60_000}:00`, markLabel: ({ kind }) => kind,
      lines: [line, { ...line, metric: 'pay_rate', label: 'Rate', unit: 'ratio' }],
      marks: [said, alarm].map((head) => ({ head, members: [head], at: head.at })),
    } // prettier-ignore
    expect(linesOf(input, minutes[1] as Minute).map(({ text }) => text)).toEqual(['1:00', 'GMV  1 yuan', 'Rate  —', 'noted said'])
    const many = { at: 0, head: alarm, members: Array.from({ length: 20 }, (_, i) => ({ ...said, at: 100_000 + i, text: `n${i}` })) }
    const told = linesOf({ ...input, marks: [many], rest: (n) => `${n} more` }, minutes[1] as Minute).map(({ text }) => text)
    expect([told.length, told[3], told.at(-1)]).toEqual([3 + 12 + 1, 'noted n0', '8 more'])
    expect(linesOf({ ...input, nearMs: 90_000 }, minutes[0] as Minute).map(({ text }) => text).slice(3)).toEqual([expect.stringMatching(/noted said$/), expect.stringMatching(/violated $/)])
  })
})
