const WIDTH = 100
const HEIGHT = 30
const EDGE = 2
const LEAST_SPAN = 0.04

export interface SparkPaths {
  line: string
  area: string
}

/** SVG paths of a small line in a 100 × 30 box; gaps (null) are bridged. Undefined with fewer than two points. */
export function sparkPath(points: readonly (number | null)[]): SparkPaths | undefined {
  const known = points.map((y, i) => [i, y] as const).filter((point): point is readonly [number, number] => point[1] !== null)
  if (known.length < 2) return undefined
  const values = known.map(([, y]) => y)
  const low = Math.min(...values)
  const high = Math.max(...values)
  // A figure that hardly moves is drawn as one: its last decimals are not news.
  const span = Math.max(high - low, Math.abs(high) * LEAST_SPAN)
  const x = (i: number) => ((i / (points.length - 1)) * WIDTH).toFixed(1)
  const y = (value: number) => (span ? HEIGHT - EDGE - ((value - low + (span - (high - low)) / 2) / span) * (HEIGHT - 2 * EDGE) : HEIGHT / 2).toFixed(1)
  const line = known.map(([i, value], n) => `${n ? 'L' : 'M'}${x(i)} ${y(value)}`).join('')
  const first = known[0]?.[0] ?? 0
  const last = known.at(-1)?.[0] ?? 0
  return { line, area: `${line}L${x(last)} ${HEIGHT}L${x(first)} ${HEIGHT}Z` }
}
