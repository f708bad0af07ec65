import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { getJson } from '../src/link/get'
import { poll } from '../src/link/poll'
import { History } from '../src/state/history.svelte'

class Page extends EventTarget {
  hidden = false
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('asking for JSON', () => {
  const asked = (answer: () => Promise<Response>) => {
    vi.stubGlobal('fetch', answer)
    return getJson('/x')
  }

  it('takes an answer that breaks off for none, as it does no answer', async () => {
    expect(await asked(() => Promise.resolve(Response.json({ a: 1 })))).toEqual({ status: 200, body: { a: 1 } })
    expect(await asked(() => Promise.resolve(new Response('no', { status: 403 })))).toEqual({ status: 403 })
    const broken = new Response(new ReadableStream({ start: (body) => body.error(new TypeError('network error')) }))
    for (const lost of [() => Promise.resolve(broken), () => Promise.resolve(new Response('{"a":')), () => Promise.reject(new TypeError('failed to fetch'))]) expect(await asked(lost)).toEqual({ status: 0 })
    await expect(asked(() => Promise.reject(new RangeError('a bug')))).rejects.toThrow('a bug')
  })
})

describe('polling', () => {
  let page: Page
  beforeEach(() => {
    vi.useFakeTimers()
    page = new Page()
    vi.stubGlobal('document', page)
  })

  it('goes on whatever comes, never twice at once, and ends when it is told to', async () => {
    const answers: ((well: boolean) => void)[] = []
    const stop = poll(() => new Promise((answer) => answers.push(answer)), 1_000)
    await vi.advanceTimersByTimeAsync(5_000)
    page.dispatchEvent(new Event('visibilitychange'))
    expect(answers).toHaveLength(1)
    answers[0]?.(false)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(answers).toHaveLength(2)
    stop()
    answers[1]?.(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(answers).toHaveLength(2)
  })

  it('rests while nobody sees the page, and asks at once when somebody does', async () => {
    let reads = 0
    page.hidden = true
    const stop = poll(() => Promise.resolve(Boolean(++reads)), 1_000)
    await vi.advanceTimersByTimeAsync(3_500)
    expect(reads).toBe(0)
    page.hidden = false
    page.dispatchEvent(new Event('visibilitychange'))
    await vi.advanceTimersByTimeAsync(0)
    expect(reads).toBe(1)
    stop()
  })
})

it('asks for the older minutes again soon where they did not come', async () => {
  let now = 0
  const answers = [undefined, [{ at: 60_000, entries: 3 }]]
  const history = new History('r', () => Promise.resolve(answers.shift() as never), () => now)
  const follow = async (at: number) => {
    now = at
    history.follow(1_700_000_000_000, null, null, 0)
    await new Promise((rest) => setTimeout(rest))
    return [answers.length, history.rows.size]
  }
  expect(await follow(0)).toEqual([1, 0])
  expect(await follow(4_000)).toEqual([1, 0])
  expect(await follow(6_000)).toEqual([0, 1])
  expect(await follow(100_000)).toEqual([0, 1])
})
