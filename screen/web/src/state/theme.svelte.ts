import { type Palette, PALETTES, type Shade } from '../charts/palette'
import { keep, kept } from './kept'

export const THEMES = ['system', 'dark', 'light'] as const
export type ThemeChoice = (typeof THEMES)[number]
const KEY = 'theme'
const LIGHT = '(prefers-color-scheme: light)'

/** What the address says (`?theme=light`), for a wall; else what was chosen in this browser; else as the system has it. */
export function firstChoice(search: string, chosen: unknown): ThemeChoice {
  const said = new URLSearchParams(search).get('theme') ?? chosen
  return THEMES.find((one) => one === said) ?? 'system'
}

export function shadeOf(choice: ThemeChoice, systemIsLight: boolean): Shade {
  if (choice !== 'system') return choice
  return systemIsLight ? 'light' : 'dark'
}

/** Dark or light, of this browser. */
class Theme {
  choice = $state<ThemeChoice>('system')
  private systemIsLight = $state(false)
  readonly shade: Shade = $derived(shadeOf(this.choice, this.systemIsLight))
  readonly palette: Palette = $derived(PALETTES[this.shade])

  /** Shows it on the page, and follows the system from now on. */
  follow(): void {
    const system = matchMedia(LIGHT)
    system.addEventListener('change', () => this.take(this.choice, system.matches))
    this.take(firstChoice(location.search, kept<unknown>(KEY, 'system')), system.matches)
  }

  choose(choice: ThemeChoice): void {
    keep(KEY, choice)
    this.take(choice, this.systemIsLight)
  }

  private take(choice: ThemeChoice, systemIsLight: boolean): void {
    this.choice = choice
    this.systemIsLight = systemIsLight
    document.documentElement.dataset.theme = this.shade
  }
}

export const theme = new Theme()
