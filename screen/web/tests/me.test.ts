import { describe, expect, it } from 'vitest'
import { mayAs } from '../src/state/me.svelte'

describe('what a role may do', () => {
  it('counts upwards from viewer to admin', () => {
    expect(mayAs('operator', 'assistant')).toBe(true)
    expect(mayAs('assistant', 'operator')).toBe(false)
    expect(mayAs('viewer', 'viewer')).toBe(true)
  })

  it('allows nothing to nobody', () => {
    expect(mayAs('', 'viewer')).toBe(false)
    expect(mayAs('root', 'viewer')).toBe(false)
  })
})
