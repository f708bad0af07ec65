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

describe('rules', () => {
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
    expect(await subscriptions.save(draftOf(whole({ id: 'a' })))).toBe(false)
    expect(subscriptions.wrong).toContain('no')
  })
})
