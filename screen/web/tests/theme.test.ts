import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { type Palette, PALETTES, type Shade } from '../src/charts/palette'
import { firstChoice, shadeOf } from '../src/state/theme.svelte'

const CSS = readFileSync(new URL('../src/theme.css', import.meta.url), 'utf8')
/** Those colours of charts that pages have too. */
const SHARED: readonly (keyof Palette)[] = ['traffic', 'trade', 'bought', 'text', 'float', 'edge']

function colours(shade: Shade): Record<string, string> {
  const block = CSS.split(":root[data-theme='light']")[shade === 'light' ? 1 : 0] ?? ''
  return Object.fromEntries([...block.matchAll(/--([\w-]+): ([^;]+);/g)].map(([, name, value]) => [name, value]))
}

describe('the theme', () => {
  it('is what the address says, else what was chosen, else that of the system', () => {
    expect(firstChoice('?theme=light', 'dark')).toBe('light')
    expect(firstChoice('', 'dark')).toBe('dark')
    expect(firstChoice('?theme=pink', 'dark')).toBe('system')
    expect(firstChoice('', { theme: 1 })).toBe('system')
    expect([shadeOf('system', true), shadeOf('system', false), shadeOf('dark', true), shadeOf('light', false)]).toEqual(['light', 'dark', 'dark', 'light'])
  })

  it('has each colour in both shades', () => {
    expect(Object.keys(colours('light')).sort()).toEqual(Object.keys(colours('dark')).sort())
  })

  it.each(['dark', 'light'] as const)('gives charts the colours of the page: %s', (shade) => {
    const page = colours(shade)
    expect(SHARED.map((name) => [name, PALETTES[shade][name]])).toEqual(SHARED.map((name) => [name, page[name]]))
  })
})
