import type { ECharts, EChartsCoreOption } from 'echarts/core'

import { charts } from './queue'

/** One rem in px: charts are drawn in px, the screen is laid out in rem. */
export function rem(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize)
}

export interface Drawing {
  /** Draw what `option` gives, when the chart's turn comes. */
  ask(option: () => EChartsCoreOption): void
  dispose(): void
}

type Init = (element: HTMLElement) => ECharts

/** A chart in an element: drawn through the queue, without animation, again when the element's size changes. */
export function drawing(element: HTMLElement, init: Init): Drawing {
  const chart = init(element)
  let last: (() => EChartsCoreOption) | undefined
  const ask = (option: () => EChartsCoreOption) => {
    last = option
    // Merged, not replaced: a tooltip that somebody reads stays.
    charts.ask(chart, () => chart.setOption(option()))
  }
  const observer = new ResizeObserver(() => {
    if (chart.getWidth() === element.clientWidth && chart.getHeight() === element.clientHeight) return
    chart.resize()
    if (last) ask(last)
  })
  observer.observe(element)
  return {
    ask,
    dispose() {
      observer.disconnect()
      charts.drop(chart)
      chart.dispose()
    },
  }
}
