import { preferences } from '../../state/preferences.svelte'
import { place } from '../../state/place.svelte'

/** The least and the most per cent that make sense as what is left of a price. */
const LEAST = 0.1
const MOST = 100

/** What is left of a price before advertising, per cent: as the address of the page says, else as this browser remembers; null: not said. */
export function margin(): number | null {
  return percentOf(place.get('margin')) ?? percentOf(String(preferences.margin.value))
}

export function percentOf(text: string): number | null {
  const value = text.trim() === '' ? NaN : Number(text.trim().replace(/[%％]$/, ''))
  return value >= LEAST && value <= MOST ? value : null
}

export function setMargin(value: number | null): void {
  preferences.margin.value = value ?? 0
  place.set('margin', value === null ? '' : String(value))
}

/** The ROI at which advertising has cost all that was left. */
export function breakEven(): number | null {
  const left = margin()
  return left === null ? null : MOST / left
}

/** Whether a net ROI earns more than it costs; undefined where nobody can tell. */
export function verdict(netRoi: number | null): 'good' | 'bad' | undefined {
  const least = breakEven()
  if (netRoi === null || least === null) return undefined
  return netRoi >= least ? 'good' : 'bad'
}
