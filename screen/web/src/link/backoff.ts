const FIRST_MS = 500
const LONGEST_MS = 15_000

/** Wait before attempt `attempt` (0, 1, 2 …), ms; spread, so that a hundred screens do not come back in one moment. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 20))
  return Math.round(wait * (0.5 + random() / 2))
}
