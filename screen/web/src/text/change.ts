import { type Language, LOCALES } from './format'

/** How a figure moved against the five minutes before. */
export interface Change {
  /** What the eye needs: up, down, or nothing worth a colour. */
  direction: 'up' | 'down' | 'flat'
  text: string
  /** Why there is no number to show. */
  reason?: 'no-value' | 'from-zero'
}

/** Below this share a change is noise, not news. */
const TINY = 0.005
const LARGEST = 9.99

export function change(now: number | null | undefined, before: number | null | undefined, language: Language): Change {
  if (now === null || now === undefined || before === null || before === undefined) return { direction: 'flat', text: '—', reason: 'no-value' }
  if (before === 0) {
    if (now === 0) return { direction: 'flat', text: '0%' }
    return { direction: 'flat', text: '—', reason: 'from-zero' }
  }
  const part = (now - before) / Math.abs(before)
  if (Math.abs(part) < TINY) return { direction: 'flat', text: '0%' }
  const digits = Math.abs(part) < 0.1 ? 1 : 0
  const options: Intl.NumberFormatOptions = { style: 'percent', maximumFractionDigits: digits, signDisplay: 'always' }
  const text = new Intl.NumberFormat(LOCALES[language], options).format(Math.min(part, LARGEST))
  return { direction: part > 0 ? 'up' : 'down', text: part > LARGEST ? `>${text}` : text }
}

/** Metrics whose rise is bad news; a fact about their meaning that the dictionary does not tell. */
const LESS_IS_BETTER = new Set(['leaves', 'dislikes', 'orders_cancelled', 'orders_unpaid', 'refunds', 'refund_amount', 'refund_rate'])

export function tone(metric: string, direction: Change['direction']): 'good' | 'bad' | 'neutral' {
  if (direction === 'flat') return 'neutral'
  return (direction === 'up') === LESS_IS_BETTER.has(metric) ? 'bad' : 'good'
}
