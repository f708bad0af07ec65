import type { RoomFacts } from './rows'

/** How long a room was on air until `at`, ms. Pure. */
export function airedMs({ spans = [] }: RoomFacts, at: number): number {
  return spans.reduce((sum, [start, end]) => sum + Math.max(0, (end ?? at) - start), 0)
}

/** Whether nobody expects more of it. */
export const isOver = ({ status }: RoomFacts): boolean => status === 'ended' || status === 'closed'
