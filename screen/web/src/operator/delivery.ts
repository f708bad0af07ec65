import { locale } from '../text/locale.svelte'
import type { Delivery } from './subscriptions.svelte'
import { o } from './texts'

const REASONS = [
  'taken', 'status', 'rate_limited', 'bot', 'no_answer', 'unknown_host', 'connection_refused', 'certificate', 'tls', 'unreachable',
  'broken_off', 'no_address', 'unknown_service', 'service',
] as const // prettier-ignore

/** Why an attempt came to what it did: in the reader's language where the reason is known, then what the receiver said. */
export function why(entry: Delivery): string {
  const known = REASONS.find((reason) => reason === entry.reason)
  return [known && o(`reason.${known}`), entry.detail].filter(Boolean).join(' · ')
}

/** Which alerts a message was of: "room1 Viewers fell, and 3 more". */
export function of(entry: Delivery): string {
  const named = (entry.alerts ?? []).map((alert) => [alert.room, locale.language === 'zh' ? alert.title_zh : alert.title_en].filter(Boolean).join(' '))
  const more = entry.transitions.length - named.length
  return [named.join(locale.language === 'zh' ? '、' : ', '), named.length && more > 0 && o('subs.andMore', { n: more })].filter(Boolean).join(' ')
}
