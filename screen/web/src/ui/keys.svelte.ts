import type { TextKey } from '../text/zh'
import { TABS } from '../views/tabs'

/** Whether the list of keys is open. */
export const keys = $state({ open: false })

interface Group {
  title: TextKey
  /** Keys as they are written, or the name of one; and what they do. */
  rows: readonly (readonly [readonly (string | { name: TextKey })[], TextKey])[]
}

export const GROUPS: readonly Group[] = [
  {
    title: 'keys.everywhere',
    rows: [
      [['?'], 'keys.help'],
      [['M'], 'keys.camera'],
      [[{ name: 'key.tab' }], 'keys.tab'],
      [[{ name: 'key.esc' }], 'keys.close'],
    ],
  },
  {
    title: 'keys.room',
    rows: [
      [['1', '–', String(TABS.length)], 'keys.tabs'],
      [['R'], 'keys.rotate'],
    ],
  },
  {
    title: 'keys.assistant',
    rows: [
      [['N'], 'keys.note'],
      [['1', '–', '6'], 'keys.templates'],
      [['P'], 'keys.product'],
      [[{ name: 'key.enter' }], 'keys.send'],
      [[{ name: 'key.shift' }, '+', { name: 'key.enter' }], 'keys.newline'],
    ],
  },
  {
    title: 'keys.tv',
    rows: [
      [['←', '→'], 'keys.tv.turn'],
      [[{ name: 'key.space' }], 'keys.tv.pause'],
    ],
  },
  { title: 'keys.lists', rows: [[['←', '→', '↑', '↓'], 'keys.arrows']] },
]

/** `?` opens and closes the list, except where it is typed. */
export function onHelp(event: KeyboardEvent): void {
  if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]')) return
  if (!keys.open && document.querySelector('dialog[open]')) return
  event.preventDefault()
  keys.open = !keys.open
}
