import type { LineOption } from '../../charts/echarts'
import { type Minute, MINUTE_MS, valueIn } from '../../state/minutes'
import type { Unit } from '../../text/format'
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
  markers: readonly Marker[]
  markLabel: (marker: Marker) => string
  /** Spans to shade, ms. */
  areas?: readonly { from: number; to: number }[]
  time: (ms: number) => string
  rem: number
}

/** What the two axes take of the width. */
export const SIDES_REM = 9
const INK = '#8fa1bd'
const FAINT = '#1a2638'
const MARK_COLORS = { trouble: '#ff7285', note: '#ffd98a', course: '#6f86a8' }
const FONT = "'Barlow Semi Condensed', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
/** In Chinese letters. */
export const LONGEST_LABEL = 9
const LATIN_WIDTH = 0.55
/** A label so near the edge, as a share of the span, stands on the inner side of its line: the axis is on the other. */
const EDGE = 0.1

function axis(line: TrendLine, side: 'left' | 'right', rem: number): object {
  return {
    type: 'value',
    position: side,
    splitNumber: 4,
    ...(line.whole && { minInterval: line.whole }),
    axisLabel: { color: line.color, fontSize: rem * 0.95, formatter: (value: number) => line.tick(value) },
    splitLine: side === 'left' ? { lineStyle: { color: FAINT } } : { show: false },
  }
}

function area(color: string): object {
  return { color: { type: 'linear', x: 0, y: 0, x2: 0, y2: 1, colorStops: [{ offset: 0, color: `${color}4d` }, { offset: 1, color: `${color}00` }] } }
}

function cut(text: string): string {
  let width = 0
  let shown = ''
  for (const letter of text) {
    width += /[\u2e80-\uffff]/.test(letter) ? 1 : LATIN_WIDTH
    if (width > LONGEST_LABEL) return `${shown.trimEnd()}…`
    shown += letter
  }
  return text
}

function markLine(input: TrendInput): object {
  const { rem, minutes } = input
  const first = minutes.at(0)?.at ?? 0
  const length = Math.max(1, (minutes.at(-1)?.at ?? 0) - first)
  const align = (at: number) => ((at - first) / length < EDGE ? 'left' : (at - first) / length > 1 - EDGE ? 'right' : 'center')
  const data = input.markers.map((marker) => ({
    xAxis: marker.at,
    lineStyle: { color: MARK_COLORS[marker.tone], type: marker.tone === 'trouble' ? 'solid' : 'dashed', width: marker.labelled ? rem * 0.09 : 1, opacity: marker.labelled ? 0.95 : 0.3 },
    label: { show: marker.labelled, align: align(marker.at), color: MARK_COLORS[marker.tone], fontSize: rem * 0.9, formatter: () => cut(input.markLabel(marker)) },
  }))
  return { silent: true, symbol: 'none', animation: false, data }
}

function markArea(areas: NonNullable<TrendInput['areas']>): object {
  const data = areas.map(({ from, to }) => [{ xAxis: from }, { xAxis: to }])
  return { silent: true, animation: false, itemStyle: { color: '#45c8f133' }, data }
}

/** The tooltip's lines: the minute, both figures, and what happened in it. Texts only; the caller makes elements of them. */
export function tooltipLines(input: TrendInput, at: number): { text: string; color: string }[] {
  const minute = input.minutes.find((candidate) => candidate.at === at)
  const lines = [{ text: input.time(at), color: '' }]
  for (const { metric, label, unit, color, show } of input.lines) {
    const value = minute ? valueIn(minute, metric, unit) : null
    lines.push({ text: `${label}  ${value === null ? '—' : show(value)}`, color })
  }
  for (const marker of input.markers) {
    if (marker.at < at || marker.at >= at + MINUTE_MS) continue
    const label = input.markLabel(marker)
    lines.push({ text: (label === marker.text ? label : `${label} ${marker.text}`).slice(0, 80), color: MARK_COLORS[marker.tone] })
  }
  return lines
}

function tooltip(input: TrendInput): object {
  const { rem } = input
  const formatter = (params: unknown) => {
    const at = (params as { value: [number, number] }[])[0]?.value[0] ?? 0
    const box = document.createElement('div')
    for (const { text, color } of tooltipLines(input, at)) {
      const line = box.appendChild(document.createElement('div'))
      line.textContent = text
      line.style.color = color
    }
    return box
  }
  return { trigger: 'axis', formatter, confine: true, backgroundColor: '#1a2740', borderColor: '#2f4160', padding: rem * 0.6, textStyle: { color: '#eaf1fb', fontSize: rem, fontFamily: FONT }, axisPointer: { lineStyle: { color: '#5d7396' } } }
}

/** The whole ECharts option of the minute trend. */
export function trendOption(input: TrendInput): LineOption {
  const { rem, lines, minutes } = input
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
    ...(i === 0 && { markLine: markLine(input) }),
    ...(i === 0 && input.areas && { markArea: markArea(input.areas) }),
  }))
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: INK },
    grid: { left: (rem * SIDES_REM) / 2, right: (rem * SIDES_REM) / 2, top: rem * 1.8, bottom: rem * 1.9 },
    tooltip: tooltip(input),
    xAxis: { type: 'time', minInterval: MINUTE_MS, axisLine: { lineStyle: { color: '#2a3a54' } }, axisTick: { show: false }, splitLine: { show: false }, axisLabel: { color: INK, fontSize: rem * 0.95, hideOverlap: true, formatter: (ms: number) => input.time(ms) } },
    yAxis: [axis(lines[0], 'left', rem), axis(lines[1], 'right', rem)],
    series,
  } as unknown as LineOption
}
