import { here } from '../base'

/** Registers the service worker, where the browser has them: over HTTPS, and on this machine. Without it the screen is the same, only not installable. */
export async function install(): Promise<void> {
  if (!import.meta.env.PROD || !isSecureContext || !('serviceWorker' in navigator)) return
  try {
    await navigator.serviceWorker.register(here('/sw.js'))
  } catch (error) {
    // Browsers refuse it by policy, in private windows, and while the server is away.
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error
  }
}
