import { worded } from '../text/locale.svelte'
import { en } from './en'
import { zh } from './zh'

/** The texts of the operators' pages, loaded with them. */
export const o = worded<keyof typeof zh>({ zh, en })

/** The text of a key made from data; "" where there is none. */
export function oData(key: string): string {
  return key in zh ? o(key as keyof typeof zh) : ''
}
