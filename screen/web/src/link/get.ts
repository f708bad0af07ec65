import { here } from '../base'
import { camera } from '../state/camera.svelte'
import { withoutMoney } from './money'

/** Whether an error means that nobody answered, or that the answer broke off; anything else is a bug. */
function isLost(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError
}

/** Asks one of our own paths for JSON. Without a body: refused with that status, or 0 where no whole answer came. */
export async function getJson<Body>(path: string, patienceMs = 10_000): Promise<{ status: number; body?: Body }> {
  try {
    const answer = await fetch(here(path), { signal: AbortSignal.timeout(patienceMs) })
    if (!answer.ok) return { status: answer.status }
    const body = (await answer.json()) as Body
    return { status: answer.status, body: camera.on ? withoutMoney(body) : body }
  } catch (error) {
    if (isLost(error)) return { status: 0 }
    throw error
  }
}
