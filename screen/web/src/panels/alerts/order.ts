import type { AlertRow } from '../../state/rows'

/** A row and its key. */
export interface Alert {
  readonly id: string
  readonly row: AlertRow
}

const SEVERITIES = ['critical', 'warning', 'info']
const STATUSES = ['firing', 'acknowledged', 'resolved']

function rank({ row }: Alert): number {
  return STATUSES.indexOf(row.status) * SEVERITIES.length + SEVERITIES.indexOf(row.severity)
}

/** What needs eyes first: nobody has seen it, it is severe, it is new. */
export function worstFirst(rows: ReadonlyMap<string, AlertRow>): Alert[] {
  return [...rows].map(([id, row]) => ({ id, row })).sort((a, b) => rank(a) - rank(b) || b.row.fired_at - a.row.fired_at || (a.id < b.id ? -1 : 1))
}

/** Those that go on, worst first. */
export function ongoing(rows: ReadonlyMap<string, AlertRow>): Alert[] {
  return worstFirst(rows).filter(({ row }) => row.status !== 'resolved')
}
