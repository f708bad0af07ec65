import { type Answer, ask, barred, type RuleProblem } from './ask'
import { o } from './texts'
import type { Form, Wish } from './thresholds'

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
  form: Form
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
  /** Switches that are pressed and not yet answered. */
  turning = $state.raw<Readonly<Record<string, boolean>>>({})
  said = $state('')
  failed = $state(false)
  readonly changed: boolean = $derived(this.page !== undefined && this.draft !== this.page.text)
  readonly problems: readonly RuleProblem[] = $derived(this.refused ?? (this.changed ? [] : (this.page?.problems ?? [])))

  /** Changes go one after the other, each to the version that the one before has left; none that was pressed is lost. */
  private last: Promise<unknown> = Promise.resolve()
  private changes = 0

  constructor(private readonly call: Ask = ask) {}

  /** Whether it was answered. What was read before a change does not tell what holds after it. */
  async load(): Promise<boolean> {
    const before = this.changes
    const answer = await this.call('GET', '/api/rules')
    if (before !== this.changes) return true
    this.barred = barred(answer)
    this.away = answer.kind === 'away'
    if (answer.kind !== 'done') return false
    this.watchers = answer.body.watchers
    if (!this.changed && answer.body.version !== this.page?.version) this.take(answer.body)
    else if (!this.changed) this.page = answer.body
    return true
  }

  write(text: string): void {
    this.draft = text
    this.refused = undefined
    this.said = ''
  }

  async check(): Promise<void> {
    const asked = this.draft
    const answer = (await this.during(() => this.call('POST', '/api/rules/check', asked), asked)) as Answer<unknown> as Answer<{ rules: string[]; problems: RuleProblem[] }>
    if (answer.kind !== 'done' || asked !== this.draft) return
    this.refused = answer.body.problems
    this.tell(answer.body.problems.length ? '' : o('rules.checked', { n: answer.body.rules.length }))
  }

  /** Whether it is saved. */
  async save(): Promise<boolean> {
    const draft = this.draft
    return this.change('PUT', '/api/rules', draft, draft)
  }

  /** Turns the numbers of one rule, and nothing else; whether it is saved. */
  async adjust(rule: string, wish: Wish): Promise<boolean> {
    return this.change('POST', `/api/rules/${encodeURIComponent(rule)}/thresholds`, this.draft, wish)
  }

  async switch(rule: string, enabled: boolean): Promise<void> {
    this.turning = { ...this.turning, [rule]: enabled }
    await this.change('POST', `/api/rules/${encodeURIComponent(rule)}`, this.draft, { enabled })
    const { [rule]: latest, ...others } = this.turning
    if (latest === enabled) this.turning = others
  }

  async revert(): Promise<void> {
    await this.change('DELETE', '/api/rules', this.draft)
  }

  /** Throws the draft away, and reads what holds now. */
  async discard(): Promise<void> {
    if (this.page) this.take(this.page)
    this.tell('')
    await this.load()
  }

  /** `draft`: the text that it was pressed at; what is written meanwhile stays. */
  private async change(method: string, path: string, draft: string, body?: unknown): Promise<boolean> {
    let saved = false
    const one = this.last.then(async () => {
      const answer = await this.during(() => this.call(method, path, body, { 'if-match': this.page?.version ?? '' }), draft)
      this.changes++
      if (answer.kind !== 'done') return
      saved = true
      const meanwhile = this.draft
      const written = meanwhile !== draft && meanwhile !== this.page?.text
      this.take(answer.body)
      if (written) this.draft = meanwhile
      this.watchers = undefined // they have not read it yet
      this.tell(o('rules.saved'))
    })
    this.last = one.catch(() => undefined)
    await one
    return saved
  }

  private async during(call: () => Promise<Answer<RulesPage>>, draft: string): Promise<Answer<RulesPage>> {
    const answer = await call()
    this.away = answer.kind === 'away'
    if (answer.kind === 'refused') {
      if (draft === this.draft) this.refused = answer.refusal.problems
      if (answer.status === 401) this.barred = 'expired'
      this.tell(answer.status === 412 ? o('rules.changed') : answer.refusal.problems?.length ? '' : o('refused', { why: answer.refusal.type.endsWith(':cannot-turn') ? o('form.cannotTurn') : answer.refusal.detail }), true)
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
