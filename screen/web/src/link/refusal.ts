import { here } from '../base'

/** Why the server does not give a room. A browser cannot read the answer to a refused websocket, so it is asked for over HTTP. */
export type Refusal = 'unknown' | 'forbidden' | 'expired' | 'full'
export type Reach = Refusal | 'offline' | 'away' | 'ready'

const REFUSALS: Record<number, Refusal> = { 401: 'expired', 403: 'forbidden', 404: 'unknown', 503: 'full' }
const PATIENCE_MS = 4_000

/** The close codes of the feed (screen/close.py) that mean more than "try again". */
export const CLOSE_REFUSALS: Record<number, Refusal> = { 4001: 'expired' }

export async function askWhy(room: string, get: typeof fetch = fetch): Promise<Reach> {
  if (typeof navigator !== 'undefined' && navigator.onLine === false) return 'offline'
  try {
    const path = here(`/api/rooms/${encodeURIComponent(room)}/minutes?from=0&to=0`)
    const answer = await get(path, { signal: AbortSignal.timeout(PATIENCE_MS), headers: { Accept: 'application/json' } })
    return REFUSALS[answer.status] ?? (answer.ok ? 'ready' : 'away')
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return 'away'
    throw error
  }
}
