/** The map, in a chunk of its own that is loaded when a map is shown; the shipped shapes in another, for those who have none of their own. */
import { MapChart, type MapSeriesOption } from 'echarts/charts'
import { TooltipComponent, VisualMapComponent, type VisualMapComponentOption } from 'echarts/components'
import { type ComposeOption, init, registerMap, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

import { here } from '../base'
import type { Palette } from './palette'

use([MapChart, VisualMapComponent, TooltipComponent, CanvasRenderer])

/** Gets the shapes, and gives the name that they are registered under: the operator's own, else ours. Rejects when there are none. */
export async function shapes(): Promise<string> {
  const own = await fetch(here('/api/map'))
  if (own.status === 200) {
    registerMap('own', (await own.json()) as never)
    return 'own'
  }
  const { default: china } = await import('china-map/map/json/china.json')
  // "china" is the name that makes ECharts place the islands of the South China Sea.
  registerMap('china', china as never)
  return 'china'
}

export type MapOption = ComposeOption<MapSeriesOption | VisualMapComponentOption>

export interface MapInput {
  /** What `shapes` gave. */
  map: string
  values: readonly { name: string; value: number }[]
  show: (name: string, value: number) => string
  rem: number
  palette: Palette
}

export function mapOption({ map, values, show, rem, palette }: MapInput): MapOption {
  const most = Math.max(1, ...values.map(({ value }) => value))
  const formatter = (params: unknown) => {
    const { name, value } = params as { name: string; value: number }
    const box = document.createElement('div')
    box.textContent = show(name, Number.isFinite(value) ? value : 0)
    return box
  }
  return {
    animation: false,
    tooltip: { formatter, confine: true, backgroundColor: palette.float, borderColor: palette.edge, textStyle: { color: palette.text, fontSize: rem } },
    visualMap: { show: false, min: 0, max: most, inRange: { color: [...palette.shades] } },
    series: [
      {
        type: 'map',
        map,
        roam: false,
        left: '3%',
        right: '3%',
        top: '2%',
        bottom: '2%',
        selectedMode: false,
        label: { show: false },
        itemStyle: { areaColor: palette.land, borderColor: palette.border, borderWidth: rem * 0.05 },
        emphasis: { label: { show: false }, itemStyle: { areaColor: palette.trade } },
        data: [...values],
      },
    ],
  } as MapOption
}

export { init }
