import { worded } from '../text/locale.svelte'
import { en } from './en'
import { zh } from './zh'

/** The texts of the operators' pages, loaded with them. */
export const o = worded<keyof typeof zh>({ zh, en })
