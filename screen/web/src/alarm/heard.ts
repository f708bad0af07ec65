import type { AlertRow } from '../state/rows'

/** An alert that began longer ago than this when the page met it is no news, ms. */
const NEWS_MS = 60_000
/** Of these many it is known that they were told. */
const MOST_KNOWN = 500

/** An alert as a room's frames and the wall have it. */
export type Told = Pick<AlertRow, 'severity' | 'title_zh' | 'title_en' | 'fired_at'> & { status?: AlertRow['status'] }

/** What makes an alert the same wherever it is seen; one that fires again is another. */
export function tagOf(room: string, { fired_at, title_zh }: Told): string {
  return `${room} ${fired_at} ${title_zh}`
}

/** Which alerts are to be told: critical ones that fire, each once. */
export class Heard {
  private readonly known = new Set<string>()

  /** Those of `alerts` that are news; `now`: the server's clock, ms. */
  news(room: string, alerts: Iterable<Told>, now: number): Told[] {
    const found = [...alerts].filter((row) => row.severity === 'critical' && (row.status ?? 'firing') === 'firing' && this.meets(tagOf(room, row)) && now - row.fired_at <= NEWS_MS)
    for (const tag of this.known) {
      if (this.known.size <= MOST_KNOWN) break
      this.known.delete(tag)
    }
    return found
  }

  private meets(tag: string): boolean {
    if (this.known.has(tag)) return false
    this.known.add(tag)
    return true
  }
}
