import { PROVINCES } from '../../text/en_provinces'
import { locale, t, tData } from '../../text/locale.svelte'
import { type Dimension, OVERFLOW } from './profile'

/** What a slice is called; crowds and ages carry their own name. */
export function valueLabel(dimension: Dimension, value: string): string {
  if (value === OVERFLOW) return t('overflow')
  if (dimension === 'province' && locale.language === 'en' && PROVINCES[value]) return PROVINCES[value]
  return value === 'unknown' ? tData('value.unknown', value) : tData(`value.${dimension}.${value}`, value)
}
