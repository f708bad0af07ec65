import { here } from '../base'

export const PAGES = ['room', 'host', 'overlay'] as const
export type SharedPage = (typeof PAGES)[number]

export interface Wanted {
  room: string
  page: SharedPage
  /** Of the overlay. */
  figures: readonly string[]
  hideMoney: boolean
}

/** Where a link leads, under the base path. */
export function target({ room, page, figures, hideMoney }: Wanted): string {
  const query = new URLSearchParams()
  if (page === 'overlay' && figures.length) query.set('figures', figures.join(','))
  if (hideMoney) query.set('camera', '1')
  const path = `/rooms/${encodeURIComponent(room)}${page === 'room' ? '' : `/${page}`}`
  return here(path) + (query.size ? `?${String(query).replaceAll('%2C', ',')}` : '')
}

/** The whole link: it logs in, and goes on. */
export function linkOf(token: string, wanted: Wanted, origin: string): string {
  return `${origin}${here('/login')}?token=${token}&next=${encodeURIComponent(target(wanted))}`
}
