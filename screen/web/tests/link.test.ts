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
  const answering = (status: number) => () => Promise.resolve(new Response('{}', { status }))

  it.each([
    [401, 'expired'],
    [403, 'forbidden'],
    [404, 'unknown'],
    [503, 'full'],
    [200, 'ready'],
    [500, 'away'],
  ])('reads %i as %s', async (status, meaning) => {
    expect(await askWhy('r', answering(status))).toBe(meaning)
  })

  it('takes no answer for a server that is away', async () => {
    expect(await askWhy('r', () => Promise.reject(new TypeError('failed to fetch')))).toBe('away')
  })

  it('does not swallow a bug', async () => {
    await expect(askWhy('r', () => Promise.reject(new RangeError('bug')))).rejects.toThrow(RangeError)
  })
})
