import { here } from '../base'

/** Ends this session, or all of its token; false: nobody answered. A session that is over already counts as ended. */
export async function logOut(everywhere: boolean, get: typeof fetch = fetch): Promise<boolean> {
  try {
    // The answer leads to the login page, where the caller goes by itself.
    const answer = await get(here(everywhere ? '/logout/everywhere' : '/logout'), { method: 'POST', redirect: 'manual' })
    return answer.type === 'opaqueredirect' || answer.status < 400 || answer.status === 401
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}
