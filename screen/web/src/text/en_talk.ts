import type { zhTalk } from './zh_talk'

/** The same in English. */
export const enTalk: Record<keyof typeof zhTalk, string> = {
  polls: 'Poll',
  'polls.note': 'short answers of the last 2 minutes, by people',
  'polls.none': 'Nobody typed a number or a short answer in the last 2 minutes',
  'polls.people': '{n} people',
  'polls.person': '{n} person',
  'polls.times': '{n} comments in all',
  'value.province.other': 'Other',
}
