/** What a TV shows in turn: `?play=ROOM:TAB:SECONDS,…`. Pure. */
import { type Tab, TABS } from '../views/tabs'

export interface Item {
  /** A room's name; `WALL`: all rooms; `LIVE`: each room on air in turn. No room can be called so. */
  room: string
  tab: Tab
  seconds: number
}

export const WALL = '@wall'
export const LIVE = '@live'
export const SECONDS = { least: 5, usual: 20, most: 3_600 } as const
const MOST_ITEMS = 100

/** The items that the address names; what cannot be read in one has its usual value: a slip must not stop a TV. */
export function playlistOf(search: string): Item[] {
  const query = new URLSearchParams(search)
  const usual = secondsOf(query.get('seconds'), SECONDS.usual)
  const parts = (query.get('play') ?? '').split(',').map((part) => part.trim().split(':'))
  return parts
    .flatMap(([room, tab, seconds]) => (room ? [{ room, tab: TABS.find((one) => one === tab) ?? 'overview', seconds: secondsOf(seconds, usual) }] : []))
    .slice(0, MOST_ITEMS)
}

export function secondsOf(text: string | null | undefined, otherwise: number): number {
  const number = Number(text || NaN)
  return Number.isFinite(number) ? Math.min(SECONDS.most, Math.max(SECONDS.least, Math.round(number))) : otherwise
}

/** The same as an address says it. */
export function searchOf(items: readonly Item[], seconds: number): string {
  const play = items.map((item) => (item.room === WALL ? item.room : `${item.room}:${item.tab}`) + (item.seconds === seconds ? '' : `${item.room === WALL ? ':' : ''}:${item.seconds}`))
  return `?play=${play.join(',')}&seconds=${seconds}`
}

/** With the rooms on air in the place of `LIVE`; with none of them, and nothing else, all rooms. */
export function expanded(items: readonly Item[], live: readonly string[]): Item[] {
  const all = items.flatMap((item) => (item.room === LIVE ? live.map((room) => ({ ...item, room })) : [item])).slice(0, MOST_ITEMS)
  return all.length ? all : [{ room: WALL, tab: 'overview', seconds: SECONDS.usual }]
}
