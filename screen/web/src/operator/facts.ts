import { dictionary } from '../state/dictionary.svelte'
import { tData } from '../text/locale.svelte'
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

/** A text that a condition compares with: the badges of products have names. */
export function textLabel(quoted: string): string {
  const text = quoted.slice(1, -1)
  return `“${tData(`badge.${text}`, oData(`text.${text}`) || text)}”`
}

/** The signs of a condition as people write them. */
export function signLabel(sign: string): string {
  return { '&&': o('sign.and'), in: o('sign.in'), '||': o('sign.or'), '!': o('sign.not'), '*': '×', '<=': '≤', '>=': '≥', '==': '=', '!=': '≠' }[sign] ?? sign
}
