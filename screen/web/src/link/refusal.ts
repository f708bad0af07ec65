import { here } from '../base'

/** Why the server does not give a room: it says so over HTTP, also to those whose websocket it refused, which browsers hide. */
export type Refusal = 'unknown' | 'forbidden' | 'expired' | 'full' | 'crowded'
export type Reach = Refusal | 'offline' | 'away' | 'ready'

const REFUSALS: Record<number, Refusal> = { 401: 'expired', 403: 'forbidden', 404: 'unknown' }
/** Where the status alone says too little: the problem's type. */
const KINDS: Record<string, Refusal> = { 'urn:livescreen:full': 'full', 'urn:livescreen:token-full': 'crowded' }
const PATIENCE_MS = 4_000

/** The close codes of the feed (screen/close.py) that mean more than "try again". */
export const CLOSE_REFUSALS: Record<number, Refusal> = { 4001: 'expired' }

export async function reachOf(answer: Response): Promise<Reach> {
  if (answer.ok) return 'ready'
  return REFUSALS[answer.status] ?? KINDS[await typeOf(answer)] ?? 'away'
}

/** A proxy between may answer with a page of its own. */
async function typeOf(answer: Response): Promise<string> {
  if (!answer.headers.get('content-type')?.startsWith('application/problem+json')) return ''
  return ((await answer.json()) as { type?: string }).type ?? ''
}

/** What became of a server that was there a moment ago. */
export async function askWhy(room: string, get: typeof fetch = fetch): Promise<Reach> {
  if (typeof navigator !== 'undefined' && navigator.onLine === false) return 'offline'
  try {
    const path = here(`/api/rooms/${encodeURIComponent(room)}/minutes?from=0&to=0`)
    return await reachOf(await get(path, { signal: AbortSignal.timeout(PATIENCE_MS), headers: { Accept: 'application/json' } }))
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError) return 'away'
    throw error
  }
}
