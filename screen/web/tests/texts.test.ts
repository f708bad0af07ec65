import { describe, expect, it } from 'vitest'

import { en as auditEn } from '../src/audit/en'
import { zh as auditZh } from '../src/audit/zh'
import { en as operatorsEn } from '../src/operator/en'
import { zh as operatorsZh } from '../src/operator/zh'
import { en } from '../src/text/en'
import { PROVINCES } from '../src/text/en_provinces'
import { zh } from '../src/text/zh'

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()
const chinese: Record<string, string> = { ...zh, ...operatorsZh, ...auditZh }
const english: Record<string, string> = { ...en, ...operatorsEn, ...auditEn }

describe('texts', () => {
  it('are all there in both languages', () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort())
    for (const text of [...Object.values(chinese), ...Object.values(english)]) expect(text.trim()).not.toBe('')
  })

  it.each(Object.keys(chinese))('%s takes the same parameters in both', (key) => {
    expect(places(english[key] ?? '')).toEqual(places(chinese[key] ?? ''))
  })

  it('hold no Chinese in English, except the name of the other language', () => {
    const mixed = Object.entries(english).filter(([key, text]) => key !== 'language' && /\p{Script=Han}/u.test(text))
    expect(mixed).toEqual([])
  })

  it('name every province in English', () => {
    const names = new Set(Object.values(PROVINCES))
    expect([names.size, [...names].filter((name) => /\p{Script=Han}/u.test(name))]).toEqual([34, []])
  })
})
