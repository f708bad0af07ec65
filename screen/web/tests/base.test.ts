/// <reference types="vite/client" />
import { describe, expect, it } from 'vitest'

import { baseOf, inside, loginPath } from '../src/base'
import { reloadWait } from '../src/link/newer.svelte'
import { isComposing } from '../src/ui/composing'

describe('the base path', () => {
  it('is read without its last slash, and taken off addresses', () => {
    expect([baseOf('/'), baseOf('/live/'), baseOf()]).toEqual(['', '/live', ''])
    expect(inside('/live/rooms/r', '/live')).toBe('/rooms/r')
    expect(inside('/live', '/live')).toBe('')
    expect(inside('/lively/rooms/r', '/live')).toBe('/lively/rooms/r')
    expect(inside('/rooms/r', '')).toBe('/rooms/r')
  })

  it('stands before every path that the page asks for or leads to', () => {
    const files = Object.entries(import.meta.glob<string>('../src/**/*.{ts,svelte}', { query: '?raw', import: 'default', eager: true }))
    expect(files.length).toBeGreaterThan(50)
    const bare = files.filter(([, text]) => /href=["']\/|fetch\(\s*["'`]\/|location\.(href|assign|replace)[ (=]+["'`]\//.test(text)).map(([name]) => name)
    expect(bare).toEqual([])
  })
})

it('logging in leads back to the tab one was on', () => {
  expect(loginPath({ pathname: '/rooms/r', search: '?rotate', hash: '#data' })).toBe('/login?next=%2Frooms%2Fr%3Frotate%23data')
})

it('a page loads itself anew at once, and again a minute later at the earliest', () => {
  expect(reloadWait('navigate', 900)).toBe(0)
  expect(reloadWait('reload', 2_000)).toBe(58_000)
  expect(reloadWait('reload', 3_600_000)).toBe(0)
})

it('a key belongs to an input method by its flag, or in Safari by its code', () => {
  expect(isComposing({ isComposing: true, keyCode: 13 })).toBe(true)
  expect(isComposing({ isComposing: false, keyCode: 229 })).toBe(true)
  expect(isComposing({ isComposing: false, keyCode: 13 })).toBe(false)
})
