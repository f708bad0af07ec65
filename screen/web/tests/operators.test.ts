import { describe, expect, it, vi } from 'vitest'

vi.hoisted(() => {
  vi.stubGlobal('navigator', { language: 'en' })
  vi.stubGlobal('localStorage', { getItem: () => null })
})

import { type Answer, ask, barred } from '../src/operator/ask'
import { differs, type RulesPage, RulesState, type Watcher } from '../src/operator/rules.svelte'
import { bodyOf, draftOf, whole } from '../src/operator/subscription'
import { SubscriptionsState } from '../src/operator/subscriptions.svelte'

const page = (text: string, version = 'v1'): RulesPage => ({ origin: 'store', path: '', version, text, rules: [], off: [], problems: [] })
const done = <Body>(body: Body): Answer<Body> => ({ kind: 'done', body })
const refused = (status: number, more: object = {}): Answer<never> => ({ kind: 'refused', status, refusal: { type: '', detail: 'no', ...more } })

describe('asking', () => {
  const asked = (response: Response | Error) => ask('GET', '/x', undefined, {}, () => (response instanceof Error ? Promise.reject(response) : Promise.resolve(response)))
  it('makes a value of whatever comes back', async () => {
    expect(await asked(Response.json({ a: 1 }))).toEqual({ kind: 'done', body: { a: 1 } })
    expect(await asked(new Response(null, { status: 204 }))).toEqual({ kind: 'done', body: undefined })
    const problem = new Response('{"type": "t", "detail": "d"}', { status: 422, headers: { 'content-type': 'application/problem+json' } })
    expect(await asked(problem)).toEqual({ kind: 'refused', status: 422, refusal: { type: 't', detail: 'd' } })
    expect(await asked(new Response('<html>', { status: 418 }))).toMatchObject({ kind: 'refused', refusal: { detail: 'HTTP 418' } })
    for (const away of [new Response('', { status: 503 }), new TypeError('network'), new DOMException('', 'TimeoutError'), new Response('<html>')]) expect(await asked(away)).toEqual({ kind: 'away' })
    await expect(asked(new RangeError('a bug'))).rejects.toThrow('a bug')
  })

  it('knows who cannot be here at all', () => {
    expect([refused(401), refused(403), refused(422), done(1)].map(barred)).toEqual(['expired', 'operators', undefined, undefined])
  })
})

/** A server that answers when the test says so, to whichever call. */
function slow() {
  const sent: unknown[][] = []
  const waiting: ((answer: Answer<never>) => void)[] = []
  return {
    sent,
    call: ((...given: unknown[]) => {
      sent.push(given)
      return new Promise((told) => waiting.push(told))
    }) as typeof ask<never>,
    answer: async (answer: Answer<unknown>, which = 0) => {
      await new Promise((rest) => setTimeout(rest))
      waiting.splice(which, 1)[0]?.(answer as Answer<never>)
      await new Promise((rest) => setTimeout(rest))
    },
  }
}

describe('rules', () => {
  it('keep what is written while a text is being saved, and say nothing of a text that is no more', async () => {
    const { call, answer } = slow()
    const rules = new RulesState(call)
    void rules.load()
    await answer(done(page('old')))
    rules.write('mine')
    void rules.save()
    rules.write('mine, and more')
    await answer(done(page('mine', 'v2')))
    expect([rules.draft, rules.page?.text, rules.changed]).toEqual(['mine, and more', 'mine', true])
    void rules.check()
    rules.write('mended')
    await answer(done({ rules: [], problems: [{ line: 1, rule: 'r', reason: 'w' }] }))
    expect(rules.problems).toEqual([])
  })

  it('are switched in the order in which it was pressed, each on the version before; an older reading changes nothing', async () => {
    const { call, sent, answer } = slow()
    const rules = new RulesState(call)
    void rules.load()
    await answer(done(page('1', 'v1')))
    void rules.load()
    void rules.switch('a', false)
    void rules.switch('b', false)
    expect(rules.turning).toEqual({ a: false, b: false })
    await answer(done(page('2', 'v2')), 1)
    await answer(done(page('3', 'v3')), 1)
    await answer(done(page('1', 'v1')))
    expect(sent.slice(2).map((call) => call[3])).toEqual([{ 'if-match': 'v1' }, { 'if-match': 'v2' }])
    expect([rules.page?.text, rules.draft, rules.turning]).toEqual(['3', '3', {}])
  })

  it('keep the text that is refused, and say which lines', async () => {
    const told: unknown[] = []
    const answers = [done(page('old')), refused(422, { problems: [{ line: 3, rule: 'r', reason: 'why' }] }), done(page('new', 'v2'))]
    const rules = new RulesState((...given) => {
      told.push(given)
      return Promise.resolve(answers.shift() ?? { kind: 'away' })
    })
    await rules.load()
    expect([rules.draft, rules.changed]).toEqual(['old', false])
    rules.write('new')
    await rules.save()
    expect([rules.draft, rules.changed, rules.problems.map(({ line }) => line)]).toEqual(['new', true, [3]])
    rules.write('newer')
    expect(rules.problems).toEqual([])
    await rules.save()
    expect(told.at(-1)).toEqual(['PUT', '/api/rules', 'newer', { 'if-match': 'v1' }])
    expect([rules.page?.version, rules.changed]).toEqual(['v2', false])
    await rules.save()
    expect(rules.away).toBe(true)
  })

  it('are not written over when somebody else was faster', async () => {
    const rules = new RulesState((method) => Promise.resolve(method === 'GET' ? done(page('old')) : refused(412)))
    await rules.load()
    rules.write('mine')
    await rules.save()
    expect([rules.draft, rules.failed, rules.said !== '']).toEqual(['mine', true, true])
    await rules.discard()
    expect([rules.draft, rules.said]).toEqual(['old', ''])
  })
})

describe('watchers', () => {
  const watcher = (fields: Partial<Watcher> = {}): Watcher => ({ path: '', version: 'v1', rules: ['a'], problems: [], unread: '', ...fields })
  it('differ from the page by text, by what they refuse, and when their file is gone', () => {
    const problem = { line: 1, rule: 'r', reason: 'w' }
    expect([watcher(), watcher({ version: 'v0' }), watcher({ unread: 'gone' }), watcher({ problems: [problem] })].map((each) => differs(each, page('x')))).toEqual([false, true, true, true])
    expect(differs(watcher({ problems: [problem] }), { ...page('x'), problems: [problem] })).toBe(false)
  })

  it('are looked at again while somebody writes, who loses nothing by it', async () => {
    const answers = [page('old'), { ...page('theirs', 'v2'), watchers: [watcher({ version: 'v2' })] }]
    const rules = new RulesState(() => Promise.resolve(done(answers.shift() ?? page('?'))))
    await rules.load()
    rules.write('mine')
    await rules.load()
    expect([rules.draft, rules.page?.version, rules.watchers?.length]).toEqual(['mine', 'v1', 1])
  })
})

describe('subscriptions', () => {
  it('go out as they came in, without what the server never gave', () => {
    const quiet = { begin: '23:00', end: '07:00', zone: 'Asia/Shanghai', through: ['critical' as const] }
    const row = whole({ id: 'duty', target: 'https://x/…', has_secret: true, rooms: ['a*'], quiet, repeat_minutes: 5 })
    expect(bodyOf(draftOf(row))).toEqual({
      id: 'duty', name: '', rooms: ['a*'], rules: ['*'], severities: ['info', 'warning', 'critical'], tell: ['firing', 'resolved'], language: 'zh', quiet,
      group_seconds: 0, repeat_minutes: 5, give_up_minutes: 60, enabled: true,
    }) // prettier-ignore
  })

  it('take patterns as people write them', () => {
    const body = bodyOf({ ...draftOf(whole({ id: '' })), rooms: ' a,b, c* 、d', quiet: false, target: ' feishu://t ', secret: 's' })
    expect([body.rooms, body.target, body.secret, 'quiet' in body, 'id' in body]).toEqual([['a', 'b', 'c*', 'd'], 'feishu://t', 's', false, false])
  })

  it('say why a form was refused, and keep it open', async () => {
    const subscriptions = new SubscriptionsState((method) => Promise.resolve(method === 'GET' ? done({ subscriptions: [{ id: 'a' }], broken: ['b'] }) : refused(422)))
    await subscriptions.load()
    expect([subscriptions.rows?.map(({ id, enabled }) => [id, enabled]), subscriptions.broken]).toEqual([[['a', true]], ['b']])
    expect(await subscriptions.save(draftOf(whole({ id: 'a' })))).toContain('no')
  })

  it('are turned as often as somebody presses, in that order', async () => {
    const { call, sent, answer } = slow()
    const subscriptions = new SubscriptionsState(call)
    void subscriptions.load()
    await answer(done({ subscriptions: [{ id: 'a' }] }))
    const enabled = () => subscriptions.rows?.map((row) => row.enabled)
    void subscriptions.turn('a')
    expect(enabled()).toEqual([false])
    void subscriptions.turn('a')
    expect(enabled()).toEqual([true])
    await answer(done({}))
    expect(sent.map(([, , body]) => (body as { enabled?: boolean } | undefined)?.enabled)).toEqual([undefined, false, true])
    await answer(done({}))
    expect(sent.at(-1)?.[0]).toBe('GET')
    await answer(done({ subscriptions: [{ id: 'a', enabled: true }] }))
    expect([enabled(), sent.length]).toEqual([[true], 4])
  })

  it('are not shown as they were before a newer answer', async () => {
    const { call, answer } = slow()
    const subscriptions = new SubscriptionsState(call)
    void subscriptions.load()
    void subscriptions.load()
    await answer(done({ subscriptions: [{ id: 'new' }] }), 1)
    await answer(done({ subscriptions: [{ id: 'old' }] }))
    expect(subscriptions.rows?.map(({ id }) => id)).toEqual(['new'])
  })
})
