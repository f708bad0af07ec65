import { beforeEach, describe, expect, it } from 'vitest'

import { ChartQueue, type Host } from '../src/charts/queue'

/** Time that moves only when told; a frame every 16 ms. */
class Clock implements Host {
  time = 0
  private jobs: { at: number; run: () => void }[] = []
  now = () => this.time
  frame = (run: () => void) => void this.jobs.push({ at: this.time + 16, run })
  later = (run: () => void, ms: number) => void this.jobs.push({ at: this.time + ms, run })

  pass(ms: number): void {
    const end = this.time + ms
    for (;;) {
      const next = this.jobs.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.jobs.splice(this.jobs.indexOf(next), 1)
      this.time = next.at
      next.run()
    }
    this.time = end
  }
}

describe('ChartQueue', () => {
  let clock: Clock
  let queue: ChartQueue
  let drawn: string[]
  const [a, b] = [{}, {}]
  const draw = (name: string) => () => void drawn.push(`${name}@${clock.time}`)

  beforeEach(() => {
    clock = new Clock()
    queue = new ChartQueue(500, clock)
    drawn = []
  })

  it('draws only the newest request of a chart', () => {
    queue.ask(a, draw('old'))
    queue.ask(a, draw('new'))
    clock.pass(100)
    expect(drawn).toEqual(['new@16'])
  })

  it('draws one chart per frame', () => {
    queue.ask(a, draw('a'))
    queue.ask(b, draw('b'))
    clock.pass(100)
    expect(drawn).toEqual(['a@16', 'b@32'])
  })

  it('lets a chart rest, and draws the newest when it may again', () => {
    for (let i = 0; i < 10; i++) {
      queue.ask(a, draw(`a${i}`))
      clock.pass(100)
    }
    clock.pass(2_000)
    const times = drawn.map((entry) => Number(entry.split('@')[1]))
    expect(drawn.at(-1)).toMatch(/^a9@/)
    for (let i = 1; i < times.length; i++) expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(500)
    expect(times.length).toBeLessThanOrEqual(4)
  })

  it('does not make a new chart wait for a resting one', () => {
    queue.ask(a, draw('a'))
    clock.pass(50)
    queue.ask(a, draw('a2'))
    queue.ask(b, draw('b'))
    clock.pass(100)
    expect(drawn).toEqual(['a@16', 'b@66'])
  })

  it('forgets a chart that went away', () => {
    queue.ask(a, draw('a'))
    queue.drop(a)
    clock.pass(100)
    expect(drawn).toEqual([])
  })
})
