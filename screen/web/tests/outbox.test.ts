import { describe, expect, it } from 'vitest'

import { newId, Outbox, type Outcome, type Scene, sender, type Storage, UNDO_MS, type Waiting } from '../src/assistant/outbox'
import { productsTyped, timeTyped } from '../src/assistant/typing'

class Kept implements Storage {
  readonly all = new Map<string, string>()
  full = false
  get length(): number {
    return this.all.size
  }
  key = (i: number) => [...this.all.keys()][i] ?? null
  getItem = (key: string) => this.all.get(key) ?? null
  removeItem = (key: string) => void this.all.delete(key)
  setItem = (key: string, value: string) => {
    if (this.full) throw new DOMException('full', 'QuotaExceededError')
    this.all.set(key, value)
  }
}

const scene = (id: string, at = 1): Scene => ({ kind: 'noted', id, at, text: id })

function setUp(answers: Outcome['kind'][], storage: Kept | null = new Kept()) {
  const sent: string[] = []
  let waiting: readonly Waiting[] = []
  const open = (room = 'r') =>
    new Outbox(
      room,
      storage,
      (one) => {
        sent.push(one.id)
        const kind = answers.shift() ?? 'taken'
        return Promise.resolve(kind === 'refused' ? { kind, reason: 'no' } : { kind })
      },
      (now) => (waiting = now),
    )
  return { open, sent, storage, ids: () => waiting.map((one) => one.scene.id), waiting: () => waiting }
}

describe('the outbox', () => {
  it('sends in order, each once, and keeps nothing that was taken', async () => {
    const { open, sent, storage, ids } = setUp([])
    const outbox = open()
    for (const id of ['a', 'b', 'c']) outbox.add(scene(id))
    await Promise.all([outbox.flush(), outbox.flush()])
    expect(sent).toEqual(['a', 'b', 'c'])
    expect([ids(), storage?.length]).toEqual([[], 0])
  })

  it('holds back what can be undone, also over a reload, and sends it once when its time has come', async () => {
    let now = 1_000
    const { storage, sent, ids } = setUp([])
    const held = () => new Outbox('r', storage, (one) => (sent.push(one.id), Promise.resolve({ kind: 'taken' })), (all) => (waiting = all), () => now)
    let waiting: readonly Waiting[] = []
    const outbox = held()
    outbox.add(scene('deletion'), UNDO_MS)
    outbox.add(scene('next'))
    expect(await outbox.flush()).toBe('done')
    expect([sent, outbox.rest]).toEqual([['next'], UNDO_MS])
    now += 4_000
    const again = held()
    expect([await again.flush(), waiting.map((one) => one.scene.id), again.rest]).toEqual(['done', ['deletion'], 6_000])
    now += 6_000
    await Promise.all([again.flush(), outbox.flush()])
    expect(new Set(sent)).toEqual(new Set(['next', 'deletion']))
    expect([again.rest, storage?.length, ids()]).toEqual([undefined, 0, []])
  })

  it('never sends what was undone, here or in another tab', async () => {
    let now = 1_000
    const { storage, sent } = setUp([])
    const tab = () => new Outbox('r', storage, (one) => (sent.push(one.id), Promise.resolve({ kind: 'taken' })), () => undefined, () => now)
    const first = tab()
    first.add(scene('a'), UNDO_MS)
    first.add(scene('b'), UNDO_MS)
    const second = tab()
    first.drop('a')
    second.drop('b')
    now += UNDO_MS + 1
    await Promise.all([first.flush(), second.flush()])
    expect(sent).toEqual([])
  })

  it('holds nothing for longer than it can be undone, whatever becomes of the clock', async () => {
    let now = 100_000
    const sent: string[] = []
    const outbox = new Outbox('r', null, (one) => (sent.push(one.id), Promise.resolve({ kind: 'taken' })), () => undefined, () => now)
    outbox.add(scene('a'), UNDO_MS)
    now = 5
    await outbox.flush()
    expect(sent).toEqual(['a'])
  })

  it('keeps what was not taken, for later and for a page that is loaded again', async () => {
    const { open, sent, ids } = setUp(['taken', 'later'])
    const outbox = open()
    for (const [at, id] of ['a', 'b', 'c'].entries()) outbox.add(scene(id, at))
    expect(await outbox.flush()).toBe('later')
    expect(sent).toEqual(['a', 'b'])
    const again = open()
    expect(ids()).toEqual(['b', 'c'])
    expect(await again.flush()).toBe('done')
    expect(sent).toEqual(['a', 'b', 'b', 'c'])
  })

  it('lets a refused one stand aside, and goes on', async () => {
    const { open, waiting, ids } = setUp(['refused', 'taken'])
    const outbox = open()
    outbox.add(scene('a'))
    outbox.add(scene('b'))
    await outbox.flush()
    expect(waiting()).toEqual([{ scene: scene('a'), refused: 'no' }])
    open()
    expect(waiting()).toHaveLength(1)
    outbox.drop('a')
    open()
    expect(ids()).toEqual([])
  })

  it('waits for a login', async () => {
    const { open, ids } = setUp(['expired'])
    const outbox = open()
    outbox.add(scene('a'))
    expect(await outbox.flush()).toBe('expired')
    expect(ids()).toEqual(['a'])
  })

  it('takes in what is added while it sends', async () => {
    const { open, sent } = setUp([])
    const outbox = open()
    outbox.add(scene('a'))
    const run = outbox.flush()
    outbox.add(scene('b'))
    await run
    expect(sent).toEqual(['a', 'b'])
  })

  it('says when nothing can be kept, and sends all the same', async () => {
    const storage = new Kept()
    storage.full = true
    for (const kept of [storage, null]) {
      const { open, sent } = setUp([], kept)
      const outbox = open()
      expect(outbox.add(scene('a'))).toBe(false)
      await outbox.flush()
      expect(sent).toEqual(['a'])
    }
  })

  it('leaves other rooms and broken entries alone', () => {
    const storage = new Kept()
    storage.setItem('livescreen.outbox.r.x', '{')
    storage.setItem('livescreen.outbox.r.y', 'null')
    storage.setItem('livescreen.outbox.other.z', JSON.stringify({ scene: scene('z') }))
    storage.setItem('livescreen.outbox.r.2.w', JSON.stringify({ scene: scene('w') })) // of a room that is called r.2
    const { open, ids } = setUp([], storage)
    open()
    expect(ids()).toEqual([])
  })
})

describe('the sender', () => {
  it.each([
    [201, 'taken'],
    [401, 'expired'],
    [403, 'refused'],
    [404, 'refused'],
    [422, 'refused'],
    [429, 'later'],
    [503, 'later'],
  ])('reads %i as %s', async (status, kind) => {
    const ask = () => Promise.resolve(new Response('{"detail":"why"}', { status }))
    expect(await sender('r', ask)(scene('a'))).toEqual(kind === 'refused' ? { kind, reason: 'why' } : { kind })
  })

  it('takes no network for later, and does not swallow a bug', async () => {
    expect(await sender('r', () => Promise.reject(new TypeError('failed to fetch')))(scene('a'))).toEqual({ kind: 'later' })
    await expect(sender('r', () => Promise.reject(new RangeError('bug')))(scene('a'))).rejects.toThrow(RangeError)
  })
})

it('names scenes so that none meet', () => {
  const names = new Set(Array.from({ length: 1_000 }, newId))
  expect(names.size).toBe(1_000)
  for (const name of names) expect(name).toMatch(/^[0-9a-f]{24}$/)
})

describe('times typed', () => {
  const now = new Date(2026, 10, 21, 14, 30, 0).getTime()

  it.each([
    ['', 0],
    ['-3', 3],
    ['\uff0d3', 3],
    ['14:05', 25],
    ['14\uff1a05', 25],
    ['14:29:30', 0.5],
    ['23:30', 15 * 60],
  ])('%s', (text, minutesAgo) => {
    expect(timeTyped(text, now)).toBe(now - minutesAgo * 60_000)
  })

  it.each(['x', '25:00', '14:60', '-', '14:05:99', '1e3'])('%s says nothing', (text) => {
    expect(timeTyped(text, now)).toBeNull()
  })
})

it('finds products by what was typed', () => {
  const choices = [
    { product: 'p-1', title: 'Big lamp', listed: true },
    { product: 'p-2', title: 'Lamp', listed: false },
    { product: 'lamp-3', title: '台灯', listed: true },
    { product: 'p-4', title: 'Cup', listed: true },
  ]
  const typed = (text: string) => productsTyped(text, choices).map(({ product }) => product)
  expect(typed('LAMP')).toEqual(['lamp-3', 'p-2', 'p-1'])
  expect(typed('台')).toEqual(['lamp-3'])
  expect(typed('nothing')).toEqual([])
  expect(typed('')).toHaveLength(4)
})
