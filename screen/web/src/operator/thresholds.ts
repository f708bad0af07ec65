/** The numbers of a rule as a form shows them. Pure. */
import { minorUnits } from '../text/format'

export type Unit = 'count' | 'people' | 'money' | 'ratio' | 'rate' | 'seconds' | 'minutes' | 'factor'
export type Piece = { text: string } | { fact: string } | { number: number; unit: Unit }
export const CONDITIONS = ['when', 'minimum', 'resolve_when'] as const
export const DURATIONS = ['for', 'keep_firing_for', 'cooldown'] as const
export type Condition = (typeof CONDITIONS)[number]

export interface Form {
  conditions: Partial<Record<Condition, readonly Piece[]>>
  durations: Record<(typeof DURATIONS)[number], string>
}

/** The body of a change, and of a preview. */
export interface Wish {
  numbers: Partial<Record<Condition, number[]>>
  durations: Record<string, string>
  severity?: string
}

export interface Preview {
  firings: readonly { at: number; until: number | null }[]
  minutes: number
  /** Why it cannot be told, or null. */
  not_judged: string | null
}

/** How often a number counts in what a person types: shares in percent, money in whole units. */
export function scale(unit: Unit): number {
  if (unit === 'ratio' || unit === 'factor') return 100
  return unit === 'money' ? 1 / minorUnits('CNY') : 1
}

/** 0.07 × 100 is not 7.000000000000001 to anybody. */
const round = (value: number) => Number(value.toPrecision(12))

export function shown(value: number, unit: Unit): number {
  return round(value * scale(unit))
}

export function meant(typed: number, unit: Unit): number {
  return round(typed / scale(unit))
}

/** A duration as the form has it: so many of a unit. */
export function split(text: string): { amount: number; unit: 's' | 'm' | 'h' } {
  const [, amount = '0', unit = 's'] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? []
  if (unit === 'ms') return { amount: Math.ceil(Number(amount) / 1000), unit: 's' }
  return { amount: Number(amount), unit: unit as 's' | 'm' | 'h' }
}
