import { describe, expect, it, vi } from 'vitest'

import { Fired } from '../src/state/fired.svelte'
import type { AlertRow } from '../src/state/rows'

const alert = (id: string, fired_at: number, more: Partial<AlertRow> = {}) => ({ id, fired_at, ...more }) as AlertRow & { id: string }

describe('alerts that fired', () => {
  it('stay when frames carry them no longer, and those of before are asked for until they are had', async () => {
    vi.useFakeTimers()
    vi.stubGlobal('document', { addEventListener: () => undefined, removeEventListener: () => undefined, hidden: false })
    const answers = [{ status: 0 }, { status: 200, body: { alerts: [alert('a:1', 1), alert('a:2', 2)] } }]
    const asked: string[] = []
    const fired = new Fired('r/1', (path) => (asked.push(path), Promise.resolve(answers.shift() ?? { status: 500 })))
    fired.take([['a:2', alert('a:2', 2, { false_alarm: true })]])
    await vi.advanceTimersByTimeAsync(60_000)
    fired.take([['b:1', alert('b:1', 3)]])
    expect([...fired.rows.keys()].sort()).toEqual(['a:1', 'a:2', 'b:1'])
    expect(fired.rows.get('a:2')?.false_alarm).toBe(true) // a frame is newer than an answer
    expect(asked).toEqual(Array(2).fill('/api/rooms/r%2F1/alerts?log=0'))
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
})
