import { dictionary } from '../state/dictionary.svelte'
import { o, oData } from './texts'

const WINDOWS = ['last_5m', 'previous_5m', 'last_15m', 'total'] as const

/** What a fact of a rule is called; one that nobody has named stands as it is written. */
export function factLabel(path: string): string {
  const known = oData(`fact.${path}`)
  if (known) return known
  const names = path.split('.')
  const metric = dictionary.label(names.at(-1) ?? '')
  const window = WINDOWS.find((name) => name === names.at(-2))
  if (!metric || !window) return path
  return o('fact.in', { window: o(`fact.${window}`), metric })
}

/** The signs of a condition as people write them. */
export function signLabel(sign: string): string {
  return { '&&': o('sign.and'), '||': o('sign.or'), '!': o('sign.not'), '*': '×', '<=': '≤', '>=': '≥', '==': '=', '!=': '≠' }[sign] ?? sign
}
