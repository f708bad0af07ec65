/** Whose token this window has, so that it offers what the server would allow. The server decides; this only hides buttons. */
const ROLES = ['viewer', 'assistant', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

export function mayAs(role: string, least: Role): boolean {
  return ROLES.indexOf(role as Role) >= ROLES.indexOf(least)
}

class Me {
  role = $state('')
  /** The rooms that the token is limited to; none: all. */
  rooms = $state.raw<readonly string[]>([])
  private asked = false

  may(least: Role): boolean {
    return mayAs(this.role, least)
  }

  /** Asks once; where the server is away the buttons stay hidden until the page is opened again. */
  async ask(): Promise<void> {
    if (this.asked) return
    this.asked = true
    try {
      const answer = await fetch('/api/me')
      if (!answer.ok) return
      const { role, rooms } = (await answer.json()) as { role: string; rooms?: string[] | null }
      this.rooms = rooms ?? []
      this.role = role
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      this.asked = false
    }
  }
}

export const me = new Me()
