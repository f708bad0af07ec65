import { backoff } from '../link/backoff'
import { getJson } from '../link/get'

/** Whose token this window has, so that it offers what the server would allow. The server decides; this only hides buttons. */
const ROLES = ['viewer', 'assistant', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

export function mayAs(role: string, least: Role): boolean {
  return ROLES.indexOf(role as Role) >= ROLES.indexOf(least)
}

class Me {
  /** "" until the server has said it. */
  role = $state('')
  /** As whom they write. */
  author = $state('')
  /** The rooms that the token is limited to; none: all. */
  rooms = $state.raw<readonly string[]>([])
  private asked = false

  may(least: Role): boolean {
    return mayAs(this.role, least)
  }

  /** Until somebody answers; whoever asks first asks for all. */
  async ask(attempt = 0): Promise<void> {
    if (this.asked && !attempt) return
    this.asked = true
    const { status, body } = await getJson<{ role: string; author?: string; rooms?: string[] | null }>('/api/me')
    if (body) {
      this.rooms = body.rooms ?? []
      this.role = body.role
      this.author = body.author ?? ''
    } else if (!status || status >= 500) setTimeout(() => void this.ask(attempt + 1), backoff(attempt))
  }
}

export const me = new Me()
