import { backoff } from '../link/backoff'
import { getJson } from '../link/get'
import { takeCurrencies, type Unit } from '../text/format'
import { locale } from '../text/locale.svelte'

export interface Metric {
  name: string
  zh: string
  en: string
  unit: Unit
  group: 'traffic' | 'interaction' | 'trade'
  definition_zh: string
  definition_en: string
}

type Names = Readonly<Record<string, Readonly<Record<'zh' | 'en', string>>>>

/** What each figure is called and means; asked for once, from the server. */
class Dictionary {
  all = $state.raw<readonly Metric[]>([])
  private sources = $state.raw<Names>({})
  private readonly byName = $derived(new Map(this.all.map((metric) => [metric.name, metric])))

  metric(name: string): Metric | undefined {
    return this.byName.get(name)
  }

  label(name: string): string {
    return this.byName.get(name)?.[locale.language] ?? ''
  }

  definition(name: string): string {
    return this.byName.get(name)?.[locale.language === 'zh' ? 'definition_zh' : 'definition_en'] ?? ''
  }

  /** What a source is called: a known one in the reader's language, any other as its senders call it. */
  source(name: string): string {
    return (Object.hasOwn(this.sources, name) && this.sources[name]?.[locale.language]) || name
  }

  unit(name: string): Unit {
    return this.byName.get(name)?.unit ?? 'count'
  }

  /** Until it is there; a refused login is dealt with by the room, which is refused too. */
  async load(attempt = 0): Promise<void> {
    const { status, body } = await getJson<{ metrics: Metric[]; currencies?: Record<string, number>; sources?: Names }>('/api/dictionary')
    if (body) {
      takeCurrencies(body.currencies ?? {})
      this.sources = body.sources ?? {}
      this.all = body.metrics
    } else if (status !== 401 && status !== 403) setTimeout(() => void this.load(attempt + 1), backoff(attempt))
  }
}

export const dictionary = new Dictionary()
