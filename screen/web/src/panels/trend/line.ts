import { dictionary } from '../../state/dictionary.svelte'
import { axisFigure, minorUnits } from '../../text/format'
import { camera } from '../../state/camera.svelte'
import { locale, showFigure } from '../../text/locale.svelte'
import type { TrendLine } from './option'

/** A metric as a line of a trend, worded in the current language. */
export function lineOf(metric: string, color: string, currency: string): TrendLine {
  const unit = dictionary.unit(metric)
  const { language } = locale
  return {
    metric,
    label: dictionary.label(metric),
    unit,
    whole: unit === 'money' ? minorUnits(currency) : unit === 'count' || unit === 'people' ? 1 : 0,
    color,
    show: (value) => showFigure(value, unit, currency),
    tick: (value) => axisFigure(value, unit, currency, language),
  }
}

/** What is drawn of what was chosen: money has no line while none may be seen. */
export function seen([one, other]: readonly [string, string]): [string, string] {
  const shown = (metric: string): string => (camera.on && dictionary.unit(metric) === 'money' ? 'orders_paid' : metric)
  return [shown(one), shown(other)]
}
