import { expect, it, vi } from 'vitest'

vi.stubGlobal('navigator', { language: 'zh-CN' })
vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined })
vi.stubGlobal('document', { documentElement: {} })
const { valueLabel } = await import('../src/panels/audience/label')

it('names what is too much to count apart and the unknown; crowds and ages carry their own name', () => {
  expect(['25-34', 'overflow', 'unknown'].map((value) => valueLabel('age', value))).toEqual(['25-34', '其余合计', '未知'])
})
