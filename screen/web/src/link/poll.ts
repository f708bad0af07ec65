import { backoff } from './backoff'

/** Reads again and again while the page is seen: `everyMs` after it went well, ever later while it did not; never twice at once. Gives what ends it. */
export function poll(read: () => Promise<boolean>, everyMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempts = 0
  let busy = false
  let over = false
  const ask = async (): Promise<void> => {
    clearTimeout(timer)
    if (busy || over) return
    busy = true
    try {
      if (!document.hidden) attempts = (await read()) ? 0 : attempts + 1
    } finally {
      busy = false
      if (!over) timer = setTimeout(() => void ask(), attempts ? Math.max(everyMs, backoff(attempts)) : everyMs)
    }
  }
  const seen = () => void ask()
  document.addEventListener('visibilitychange', seen)
  void ask()
  return () => {
    over = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', seen)
  }
}
