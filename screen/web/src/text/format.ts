/** Numbers as people read them. Pure; the language is passed in. */
import { HIDDEN } from '../link/money'

export type Language = 'zh' | 'en'
export type Unit = 'count' | 'people' | 'money' | 'seconds' | 'ratio' | 'rate'

export const LOCALES: Record<Language, string> = { zh: 'zh-CN', en: 'en' }
export const MISSING = '—'

const formats = new Map<string, Intl.NumberFormat>()

function format(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options)
  let found = formats.get(key)
  if (!found) formats.set(key, (found = new Intl.NumberFormat(LOCALES[language], options)))
  return found
}

const digits = new Map<string, number>()

/** Takes over the server's table, ISO 4217: currency → digits behind the point, where these are not 2. Browsers go by other tables. */
export function takeCurrencies(table: Readonly<Record<string, number>>): void {
  for (const [currency, number] of Object.entries(table)) digits.set(currency, number)
}

const digitsOf = (currency: string): number => digits.get(currency) ?? 2

function currencyOptions(currency: string): Intl.NumberFormatOptions {
  const shown = digitsOf(currency)
  return { style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: shown, maximumFractionDigits: shown }
}

/** Minor units (fen, cent) in one unit of the currency: 100, for JPY 1. */
export function minorUnits(currency: string): number {
  return 10 ** digitsOf(currency)
}

/** From here on a number is written short (万, K). */
const SHORT_FROM = 100_000

/** A whole number; `short` writes large ones as 20.39万 or 203.9K. */
export function count(n: number, language: Language, short = true): string {
  if (short && Math.abs(n) >= SHORT_FROM) return format(language, { notation: 'compact', maximumSignificantDigits: 4 }).format(n)
  return format(language, { maximumFractionDigits: 0 }).format(n)
}

/** Money from minor units. Small amounts show their cents, large ones do not, very large ones are short. */
export function money(minor: number, currency: string, language: Language, short = true): string {
  const amount = minor / minorUnits(currency)
  const options = currencyOptions(currency)
  if (short && Math.abs(amount) >= SHORT_FROM) return format(language, { ...options, minimumFractionDigits: 0, notation: 'compact', maximumSignificantDigits: 4 }).format(amount)
  if (short && Math.abs(amount) >= 1_000) return format(language, { ...options, minimumFractionDigits: 0, maximumFractionDigits: 0 }).format(amount)
  return format(language, options).format(amount)
}

/** A figure beside an axis: three digits at most, no cents. */
export function axisFigure(value: number, unit: Unit, currency: string, language: Language): string {
  if (unit === 'ratio' || unit === 'seconds') return figure(value, unit, currency, language)
  const short: Intl.NumberFormatOptions = { notation: 'compact', maximumSignificantDigits: 3 }
  if (unit !== 'money') return format(language, short).format(value)
  return format(language, { ...currencyOptions(currency), minimumFractionDigits: 0, ...short }).format(value / minorUnits(currency))
}

export interface MoneyParts {
  symbol: string
  whole: string
  fraction: string
}

/** What stands where no amount may be seen. */
export const NO_AMOUNT: MoneyParts = { symbol: '', whole: HIDDEN, fraction: '' }

/** Money to the last cent, in parts that can be set in different sizes. */
export function moneyParts(minor: number, currency: string, language: Language): MoneyParts {
  const parts: MoneyParts = { symbol: '', whole: '', fraction: '' }
  let afterPoint = false
  for (const { type, value } of format(language, currencyOptions(currency)).formatToParts(minor / minorUnits(currency))) {
    afterPoint ||= type === 'decimal'
    if (type === 'currency') parts.symbol = value
    else if (afterPoint) parts.fraction += value
    else parts.whole += value
  }
  return parts
}

/** A ratio with three digits that count; the digits after the point can be set, for columns of shares. */
export function percent(ratio: number, language: Language, digits?: number): string {
  const size = Math.abs(ratio)
  const shown = digits ?? (ratio === 0 || size >= 1 ? 0 : size < 0.1 ? 2 : 1)
  return format(language, { style: 'percent', minimumFractionDigits: shown, maximumFractionDigits: shown }).format(ratio)
}

const DURATION_UNITS: Record<Language, [string, string, string]> = { zh: ['小时', '分', '秒'], en: ['h', 'm', 's'] }

/** Seconds as 1分23秒 or 1m 23s; the two largest units. */
export function duration(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.round(seconds))
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const first = parts.findIndex((part) => part > 0)
  const shown = first < 0 || first === 2 ? [2] : [first, first + 1]
  return shown.map((i) => `${parts[i]}${DURATION_UNITS[language][i]}`).join(language === 'en' ? ' ' : '')
}

/** 2:04:09 */
export function clockDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** A metric's value by its unit; null has no value to show. */
export function figure(value: number | null | undefined, unit: Unit, currency: string, language: Language, short = true): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING
  switch (unit) {
    case 'money':
      return money(value, currency, language, short)
    case 'ratio':
      return percent(value, language)
    case 'seconds':
      return duration(value, language)
    case 'rate':
      return format(language, { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 }).format(value)
    default:
      return count(value, language, short)
  }
}

/** Time of day, 24 h, in the browser's zone. */
export function timeOfDay(ms: number, language: Language, seconds = false): string {
  return new Date(ms).toLocaleTimeString(LOCALES[language], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...(seconds && { second: '2-digit' }) })
}

/** The same on an axis from `first` to `last`, ms: with the date where that is not one day. */
export function axisTime(ms: number, first: number, last: number, language: Language): string {
  const day = (at: number) => new Date(at).toLocaleDateString(LOCALES[language], { month: 'numeric', day: 'numeric' })
  return day(first) === day(last) && last - first < 86_400_000 ? timeOfDay(ms, language) : `${day(ms)} ${timeOfDay(ms, language)}`
}
