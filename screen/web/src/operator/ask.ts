import { here } from '../base'

/** Calls of the operators' pages. What the server says no to is a value: the page shows it. */

export interface RuleProblem {
  /** From 1; 0: the whole text. */
  line: number
  rule: string
  reason: string
  reason_zh?: string
}

/** problem+json (RFC 9457), as far as pages read it. */
export interface Refusal {
  type: string
  detail: string
  problems?: readonly RuleProblem[]
}

export type Answer<Body> = { kind: 'done'; body: Body } | { kind: 'refused'; status: number; refusal: Refusal } | { kind: 'away' }

const PATIENCE_MS = 10_000

/** `body`: a text is sent as it is, anything else as JSON. */
export async function ask<Body>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}, get: typeof fetch = fetch): Promise<Answer<Body>> {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  try {
    const answer = await get(here(path), { method, headers, signal: AbortSignal.timeout(PATIENCE_MS), ...sent })
    if (answer.ok) return { kind: 'done', body: (answer.status === 204 ? undefined : await answer.json()) as Body }
    if (answer.status >= 500) return { kind: 'away' }
    return { kind: 'refused', status: answer.status, refusal: await refusalOf(answer) }
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError) return { kind: 'away' }
    throw error
  }
}

/** A proxy between may answer with a page of its own. */
async function refusalOf(answer: Response): Promise<Refusal> {
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json')
  return isProblem ? ((await answer.json()) as Refusal) : { type: '', detail: `HTTP ${answer.status}` }
}

/** Which page takes the place of this one: nobody is logged in, or somebody who may not. */
export function barred(answer: Answer<unknown>): 'expired' | 'operators' | undefined {
  if (answer.kind !== 'refused') return undefined
  return answer.status === 401 ? 'expired' : answer.status === 403 ? 'operators' : undefined
}
