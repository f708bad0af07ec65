import { type Answer, ask, barred } from './ask'
import { bodyOf, type Draft, draftOf, type Subscription, whole } from './subscription'
import { o } from './texts'

export interface Delivery {
  at: number
  id: string
  outcome: 'delivered' | 'failed' | 'given up'
  /** A code (streams/notices/plan.py); entries of before have none. */
  reason?: string
  detail: string
  attempt: number
  took_ms: number
  transitions: readonly string[]
  /** The first of them; a test message is of no room. Entries of before have none. */
  alerts?: readonly { room: string; rule: string; title_zh: string; title_en: string }[]
  reminder: boolean
}

const PATH = '/api/subscriptions'

/** Who is told of alerts, as the server has it. */
export class SubscriptionsState {
  rows = $state.raw<readonly Subscription[] | undefined>(undefined)
  /** Ids of those that the server cannot read. */
  broken = $state.raw<readonly string[]>([])
  barred = $state<'expired' | 'operators' | undefined>()
  away = $state(false)
  said = $state('')
  failed = $state(false)
  /** The last change of each: those of one subscription go one after the other, and none that was pressed is lost. */
  private readonly last = new Map<string, Promise<unknown>>()
  private loads = 0

  constructor(private readonly call: typeof ask<unknown> = ask) {}

  async load(): Promise<void> {
    const load = ++this.loads
    const answer = await this.asked<{ subscriptions: (Partial<Subscription> & { id: string })[]; broken?: string[] }>('GET', PATH)
    if (load !== this.loads) return // an older answer than one that is on its way
    this.barred = barred(answer)
    if (answer.kind !== 'done') return
    this.rows = answer.body.subscriptions.map(whole)
    this.broken = answer.body.broken ?? []
  }

  /** Why it was not saved; "": it was. */
  async save(draft: Draft): Promise<string> {
    const answer = await this.asked('POST', PATH, bodyOf(draft))
    if (answer.kind === 'done') await this.load()
    return answer.kind === 'done' ? '' : answer.kind === 'away' ? o('away') : o('refused', { why: answer.refusal.detail })
  }

  /** Shown at once, and as the server has it when that has answered. */
  async turn(id: string): Promise<void> {
    const row = this.rows?.find((each) => each.id === id)
    if (!row) return
    const turned = { ...row, enabled: !row.enabled }
    this.rows = this.rows?.map((each) => (each === row ? turned : each))
    await this.tried(id, 'POST', PATH, '', bodyOf(draftOf(turned)))
  }

  async remove(id: string): Promise<void> {
    await this.tried(id, 'DELETE', one(id))
  }

  async test(id: string): Promise<void> {
    await this.tried(id, 'POST', `${one(id)}/test`, o('subs.tested'))
  }

  /** The newest deliveries first; undefined when they cannot be had. */
  async log(id: string): Promise<readonly Delivery[] | undefined> {
    const answer = await this.asked<{ log: Delivery[] }>('GET', `${one(id)}/log`)
    return answer.kind === 'done' ? answer.body.log : undefined
  }

  private async tried(id: string, method: string, path: string, done = '', body?: unknown): Promise<void> {
    const before = this.last.get(id)
    const mine = (async () => {
      await before
      const answer = await this.asked(method, path, body)
      this.failed = answer.kind === 'refused'
      this.said = answer.kind === 'done' ? done : answer.kind === 'refused' ? o('refused', { why: answer.refusal.detail }) : ''
    })()
    this.last.set(id, mine)
    await mine
    if (this.last.get(id) === mine) await this.load()
  }

  private async asked<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const answer = (await this.call(method, path, body)) as Answer<Body>
    this.away = answer.kind === 'away'
    if (answer.kind === 'refused' && answer.status === 401) this.barred = 'expired'
    return answer
  }
}

function one(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}`
}
