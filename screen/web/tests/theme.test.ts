import { describe, expect, it } from 'vitest'

import { firstChoice, shadeOf } from '../src/state/theme.svelte'

describe('the theme', () => {
  it('is what the address says, else what was chosen, else that of the system', () => {
    expect(firstChoice('?theme=light', 'dark')).toBe('light')
    expect(firstChoice('', 'dark')).toBe('dark')
    expect(firstChoice('?theme=pink', 'dark')).toBe('system')
    expect(firstChoice('', { theme: 1 })).toBe('system')
    expect([shadeOf('system', true), shadeOf('system', false), shadeOf('dark', true), shadeOf('light', false)]).toEqual(['light', 'dark', 'dark', 'light'])
  })
})
