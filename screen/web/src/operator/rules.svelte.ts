import { type Answer, ask, barred, type RuleProblem } from './ask'
import { o } from './texts'

export interface RuleRow {
  id: string
  kind: string
  subject: string
  severity: 'critical' | 'warning' | 'info'
  when: string
  rooms: readonly string[]
  line: number
  title_zh: string
  title_en: string
  for_ms?: number
}

/** What one running watcher really holds to: it may have a file of its own, or not have read the newest text yet. */
export interface Watcher {
  path: string
  version: string
  rules: readonly string[]
  problems: readonly RuleProblem[]
  /** Why its file cannot be read now. */
  unread: string
}

export interface RulesPage {
  origin: 'shipped' | 'store' | 'file'
  path: string
  version: string
  text: string
  rules: readonly RuleRow[]
  off: readonly RuleRow[]
  problems: readonly RuleProblem[]
  /** Only where the rules are read. */
  watchers?: readonly Watcher[]
}

/** Whether a watcher does something else than this page says, so that an operator must know. */
export function differs(watcher: Watcher, page: RulesPage): boolean {
  return watcher.version !== page.version || watcher.unread !== '' || watcher.problems.length > page.problems.length
}

type Ask = typeof ask<RulesPage>

/** The rules as the server has them, and the text as it is being changed here. */
export class RulesState {
  page = $state.raw<RulesPage | undefined>(undefined)
  watchers = $state.raw<readonly Watcher[] | undefined>(undefined)
  draft = $state('')
  /** What the server refused of the draft; undefined: it has not been asked. */
  refused = $state.raw<readonly RuleProblem[] | undefined>(undefined)
  barred = $state<'expired' | 'operators' | undefined>()
  away = $state(false)
  busy = $state(false)
  said = $state('')
  failed = $state(false)
  readonly changed: boolean = $derived(this.page !== undefined && this.draft !== this.page.text)
  readonly problems: readonly RuleProblem[] = $derived(this.refused ?? (this.changed ? [] : (this.page?.problems ?? [])))

  constructor(private readonly call: Ask = ask) {}

  async load(): Promise<void> {
    const answer = await this.call('GET', '/api/rules')
    this.barred = barred(answer)
    this.away = answer.kind === 'away'
    if (answer.kind !== 'done') return
    this.watchers = answer.body.watchers
    if (!this.changed) this.take(answer.body)
  }

  write(text: string): void {
    this.draft = text
    this.refused = undefined
    this.said = ''
  }

  async check(): Promise<void> {
    const answer = (await this.during(() => this.call('POST', '/api/rules/check', this.draft))) as Answer<unknown> as Answer<{ rules: string[]; problems: RuleProblem[] }>
    if (answer.kind !== 'done') return
    this.refused = answer.body.problems
    this.tell(answer.body.problems.length ? '' : o('rules.checked', { n: answer.body.rules.length }))
  }

  async save(): Promise<void> {
    await this.change('PUT', '/api/rules', this.draft)
  }

  async switch(rule: string, enabled: boolean): Promise<void> {
    await this.change('POST', `/api/rules/${encodeURIComponent(rule)}`, { enabled })
  }

  async revert(): Promise<void> {
    await this.change('DELETE', '/api/rules')
  }

  /** Throws the draft away, and reads what holds now. */
  async discard(): Promise<void> {
    if (this.page) this.take(this.page)
    this.tell('')
    await this.load()
  }

  private async change(method: string, path: string, body?: unknown): Promise<void> {
    const answer = await this.during(() => this.call(method, path, body, { 'if-match': this.page?.version ?? '' }))
    if (answer.kind !== 'done') return
    this.take(answer.body)
    this.watchers = undefined // they have not read it yet
    this.tell(o('rules.saved'))
  }

  private async during(call: () => Promise<Answer<RulesPage>>): Promise<Answer<RulesPage>> {
    this.busy = true
    const answer = await call()
    this.busy = false
    this.away = answer.kind === 'away'
    if (answer.kind === 'refused') {
      this.refused = answer.refusal.problems
      if (answer.status === 401) this.barred = 'expired'
      this.tell(answer.status === 412 ? o('rules.changed') : answer.refusal.problems?.length ? '' : o('refused', { why: answer.refusal.detail }), true)
    }
    return answer
  }

  private take(page: RulesPage): void {
    this.page = page
    this.draft = page.text
    this.refused = undefined
  }

  private tell(said: string, failed = false): void {
    this.said = said
    this.failed = failed
  }
}
