/** The parts of ECharts that a trend needs; marks and what is read off it are the page's own, at a tenth of the size. */
import { LineChart, type LineSeriesOption } from 'echarts/charts'
import { type GridComponentOption, GridSimpleComponent } from 'echarts/components'
import { type ComposeOption, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([LineChart, GridSimpleComponent, CanvasRenderer])

export type LineOption = ComposeOption<LineSeriesOption | GridComponentOption>
export { init }
