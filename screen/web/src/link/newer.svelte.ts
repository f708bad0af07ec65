/** A part of the page that cannot be had: the server has a newer build by now, or is away. The page loads itself anew, so that no wall stays half empty. */

const AGAIN_MS = 60_000
const ASK_MS = 5_000

/** How long to wait before the page loads itself anew, ms: not at all, but a page that has just done so waits, so that it never goes round and round. */
export function reloadWait(kind: string, ageMs: number): number {
  return kind === 'reload' ? Math.max(0, AGAIN_MS - ageMs) : 0
}

class Newer {
  /** Whether the page waits to be loaded anew. */
  awaited = $state(false)

  /** Loads the page anew as soon as it may, and the server answers. */
  async load(): Promise<void> {
    if (this.awaited) return
    this.awaited = true
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    await pause(reloadWait(entry?.type ?? 'reload', performance.now()))
    while (!(await answers())) await pause(ASK_MS)
    location.reload()
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}

async function answers(): Promise<boolean> {
  try {
    return (await fetch(location.href, { cache: 'no-store' })).ok
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

export const newer = new Newer()
