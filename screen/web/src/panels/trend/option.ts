import type { LineOption } from '../../charts/echarts'
import type { Palette } from '../../charts/palette'
import { ends, type Minute, MINUTE_MS, valueIn } from '../../state/minutes'
import type { Unit } from '../../text/format'
import type { Cluster } from './clusters'
import type { Marker } from './markers'

export interface TrendLine {
  metric: string
  label: string
  unit: Unit
  /** The smallest step of the axis that means something: one person, one yuan; 0: any. */
  whole: number
  color: string
  show: (value: number) => string
  /** The same for the axis, where there is less room. */
  tick: (value: number) => string
}

export interface TrendInput {
  minutes: readonly Minute[]
  lines: readonly [TrendLine, TrendLine]
  marks: readonly Cluster[]
  markLabel: (marker: Marker) => string
  /** A mark so near to the minute that is read is told with it, ms. */
  nearMs?: number
  /** Says how many more there are than are told. */
  rest?: (n: number) => string
  /** Spans to shade, ms. */
  areas?: readonly { from: number; to: number }[]
  time: (ms: number) => string
  rem: number
  palette: Palette
}

/** What stands around the plot, rem: the axes at its sides, labels of markers above, times below. */
export const AROUND_REM = { sides: 4.5, top: 1.8, bottom: 1.9 }
const FONT = "'Barlow Semi Condensed', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
function axis(line: TrendLine, side: 'left' | 'right', { rem, palette }: TrendInput): object {
  return {
    type: 'value',
    position: side,
    splitNumber: 4,
    ...(line.whole && { minInterval: line.whole }),
    axisLabel: { color: line.color, fontSize: rem * 0.95, formatter: (value: number) => line.tick(value) },
    splitLine: side === 'left' ? { lineStyle: { color: palette.grid } } : { show: false },
  }
}

function area(color: string): object {
  return { color: { type: 'linear', x: 0, y: 0, x2: 0, y2: 1, colorStops: [{ offset: 0, color: `${color}4d` }, { offset: 1, color: `${color}00` }] } }
}

/** The whole ECharts option of the minute trend; what is marked on it, and what is read off it, lies above it in the page. */
export function trendOption(input: TrendInput): LineOption {
  const { rem, lines, minutes, palette } = input
  const { first, last } = ends(minutes)
  const series = lines.map((line, i) => ({
    type: 'line',
    name: line.label,
    yAxisIndex: i,
    showSymbol: false,
    connectNulls: false,
    color: line.color,
    lineStyle: { width: rem * 0.15 },
    areaStyle: i === 0 ? area(line.color) : undefined,
    data: minutes.map((minute) => [minute.at, valueIn(minute, line.metric, line.unit)]),
  }))
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: palette.ink },
    // What ECharts moves to make room for labels would no longer lie under the marks.
    grid: { left: rem * AROUND_REM.sides, right: rem * AROUND_REM.sides, top: rem * AROUND_REM.top, bottom: rem * AROUND_REM.bottom, outerBoundsMode: 'none' },
    xAxis: { type: 'time', min: first, max: last, minInterval: MINUTE_MS, axisLine: { lineStyle: { color: palette.axis } }, axisTick: { show: false }, splitLine: { show: false }, axisLabel: { color: palette.ink, fontSize: rem * 0.95, hideOverlap: true, formatter: (ms: number) => input.time(ms) } },
    yAxis: [axis(lines[0], 'left', input), axis(lines[1], 'right', input)],
    series,
  } as unknown as LineOption
}
