/** The colours of what is drawn on a canvas, which knows no style sheet; those with a name of theirs in base.css are the same as there. */
export interface Palette {
  traffic: string
  trade: string
  bought: string
  text: string
  float: string
  edge: string
  /** Labels, lines across and the line of the times of a trend. */
  ink: string
  grid: string
  axis: string
  /** Provinces: of which nothing is known, their borders, from few to many. */
  land: string
  border: string
  shades: readonly string[]
}

export type Shade = 'dark' | 'light'

export const PALETTES: Record<Shade, Palette> = {
  dark: {
    traffic: '#45c8f1', trade: '#ffbe55', bought: '#f48fb9', text: '#eaf1fb', float: '#1a2740', edge: '#2f4160',
    ink: '#8fa1bd', grid: '#1a2638', axis: '#2a3a54',
    land: '#10203a', border: '#31507a', shades: ['#10263d', '#0f5a80', '#2ba6d6', '#8fe3ff'],
  },
  light: {
    traffic: '#006c96', trade: '#8f5600', bought: '#b0306f', text: '#14202f', float: '#ffffff', edge: '#b7c4d6',
    ink: '#52627a', grid: '#e2e8f1', axis: '#b7c4d6',
    land: '#eef2f7', border: '#a9b8cc', shades: ['#e3f0f8', '#9fd0e8', '#3d9cc6', '#00597d'],
  },
} // prettier-ignore
