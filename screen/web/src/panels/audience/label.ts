import { tData } from '../../text/locale.svelte'
import type { Dimension } from './profile'

/** What a slice is called; crowds, provinces and ages carry their own name. */
export function valueLabel(dimension: Dimension, value: string): string {
  return value === 'unknown' ? tData('value.unknown', value) : tData(`value.${dimension}.${value}`, value)
}
