import { en } from './en'
import { figure, type Language, LOCALES, type Unit } from './format'
import { type TextKey, zh } from './zh'
import { HIDDEN } from '../link/money'
import { camera } from '../state/camera.svelte'
import { keep, kept } from '../state/kept'

const TEXTS: Record<Language, Record<TextKey, string>> = { zh, en }
const KEY = 'language'

/** What the address says (`?lang=en`), else the kept choice, else the browser's language. */
function first(): Language {
  const said = typeof location === 'undefined' ? null : new URLSearchParams(location.search).get('lang')
  const wish = said ?? kept<string>(KEY, navigator.language)
  return wish.startsWith('zh') ? 'zh' : 'en'
}

class Locale {
  language = $state<Language>(first())

  switch(): void {
    this.language = this.language === 'zh' ? 'en' : 'zh'
    keep(KEY, this.language)
  }

  get tag(): string {
    return LOCALES[this.language]
  }
}

export const locale = new Locale()

type Params = Record<string, string | number>

/** Texts of one part of the screen: key → text in the current language; `{name}` is replaced by params.name. */
export function worded<Key extends string>(texts: Record<Language, Record<Key, string>>): (key: Key, params?: Params) => string {
  return (key, params = {}) => texts[locale.language][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

/** The texts that every page has. */
export const t = worded<TextKey>(TEXTS)

/** The text of a key made from data, where there is one, else the data itself (a source or crowd nobody has named). */
export function tData(key: string, otherwise: string): string {
  return key in zh ? t(key as TextKey) : otherwise
}

export function showFigure(value: unknown, unit: Unit, currency: string, short = true): string {
  if (unit === 'money' && camera.on) return HIDDEN
  return figure(typeof value === 'number' ? value : null, unit, currency, locale.language, short)
}

/** 12 s, 3 min, 2 h, 4 d */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 120) return t('ago.seconds', { n: seconds })
  if (seconds < 7200) return t('ago.minutes', { n: Math.floor(seconds / 60) })
  if (seconds < 172_800) return t('ago.hours', { n: Math.floor(seconds / 3600) })
  return t('ago.days', { n: Math.floor(seconds / 86_400) })
}
