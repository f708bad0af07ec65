import { type Answer, ask, barred } from './ask'
import { bodyOf, type Draft, draftOf, type Subscription, whole } from './subscription'
import { o } from './texts'

export interface Delivery {
  at: number
  id: string
  outcome: 'delivered' | 'failed' | 'given up'
  detail: string
  attempt: number
  took_ms: number
  transitions: readonly string[]
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
  /** Whether a change is under way. */
  busy = $state(false)
  said = $state('')
  failed = $state(false)
  /** Why the form was refused. */
  wrong = $state('')

  constructor(private readonly call: typeof ask<unknown> = ask) {}

  async load(): Promise<void> {
    const answer = await this.asked<{ subscriptions: (Partial<Subscription> & { id: string })[]; broken?: string[] }>('GET', PATH)
    this.barred = barred(answer)
    if (answer.kind !== 'done') return
    this.rows = answer.body.subscriptions.map(whole)
    this.broken = answer.body.broken ?? []
  }

  /** Whether it was saved; where not, `wrong` says why. */
  async save(draft: Draft): Promise<boolean> {
    this.wrong = ''
    const answer = await this.asked('POST', PATH, bodyOf(draft))
    if (answer.kind === 'done') await this.load()
    else this.wrong = answer.kind === 'away' ? o('away') : o('refused', { why: answer.refusal.detail })
    return answer.kind === 'done'
  }

  async turn(row: Subscription, enabled: boolean): Promise<void> {
    await this.tried('POST', PATH, '', bodyOf({ ...draftOf(row), enabled }))
  }

  async remove(id: string): Promise<void> {
    await this.tried('DELETE', one(id))
  }

  async test(id: string): Promise<void> {
    await this.tried('POST', `${one(id)}/test`, o('subs.tested'))
  }

  /** The newest deliveries first; undefined when they cannot be had. */
  async log(id: string): Promise<readonly Delivery[] | undefined> {
    const answer = await this.asked<{ log: Delivery[] }>('GET', `${one(id)}/log`)
    return answer.kind === 'done' ? answer.body.log : undefined
  }

  private async tried(method: string, path: string, done = '', body?: unknown): Promise<void> {
    const answer = await this.asked(method, path, body)
    this.failed = answer.kind === 'refused'
    this.said = answer.kind === 'done' ? done : answer.kind === 'refused' ? o('refused', { why: answer.refusal.detail }) : ''
    if (answer.kind === 'done') await this.load()
  }

  private async asked<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const changes = method !== 'GET' // a log is read every few seconds: nobody waits for that
    if (changes) this.busy = true
    const answer = (await this.call(method, path, body)) as Answer<Body>
    if (changes) this.busy = false
    this.away = answer.kind === 'away'
    if (answer.kind === 'refused' && answer.status === 401) this.barred = 'expired'
    return answer
  }
}

function one(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}`
}
