import { describe, expect, it } from 'vitest'

import { backoff } from '../src/link/backoff'
import { askWhy } from '../src/link/refusal'

describe('backoff', () => {
  it('doubles, spreads by half, and stops at 15 s', () => {
    expect([0, 1, 2, 3].map((attempt) => backoff(attempt, () => 1))).toEqual([500, 1_000, 2_000, 4_000])
    expect(backoff(3, () => 0)).toBe(2_000)
    expect(backoff(500, () => 1)).toBe(15_000)
  })
})

describe('askWhy', () => {
  const answering = (status: number, type = '') => () => Promise.resolve(new Response(JSON.stringify({ type }), { status, headers: { 'content-type': 'application/problem+json' } }))

  it.each([
    [401, 'expired'],
    [403, 'forbidden'],
    [404, 'unknown'],
    [503, 'away'],
    [200, 'ready'],
    [500, 'away'],
  ])('reads %i as %s', async (status, meaning) => {
    expect(await askWhy('r', answering(status))).toBe(meaning)
  })

  it.each([
    [503, 'urn:livescreen:full', 'full'],
    [503, 'urn:livescreen:store-away', 'away'],
    [429, 'urn:livescreen:token-full', 'crowded'],
  ])('reads %i %s as %s', async (status, type, meaning) => {
    expect(await askWhy('r', answering(status, type))).toBe(meaning)
  })

  it('takes a page of a proxy for no answer', async () => {
    expect(await askWhy('r', () => Promise.resolve(new Response('<html>', { status: 502, headers: { 'content-type': 'text/html' } })))).toBe('away')
  })

  it('takes no answer for a server that is away', async () => {
    expect(await askWhy('r', () => Promise.reject(new TypeError('failed to fetch')))).toBe('away')
  })

  it('does not swallow a bug', async () => {
    await expect(askWhy('r', () => Promise.reject(new RangeError('bug')))).rejects.toThrow(RangeError)
  })
})
