/** What the service worker does with a request. Pure. */

/** `asset`: from the cache, for its name holds a hash of what is in it; `page`: from the server, always; `pass`: as if there were no worker. */
export type Way = 'asset' | 'page' | 'pass'

/** The paths of the screen's pages, under the base path. Logging in and all calls are none of the worker's business. */
const PAGES = /^\/($|rooms\/|rules\/?$|subscriptions\/?$|audit\/?$|tv\/?$)/

/** `base`: the base path, "" at the root. */
export function wayOf({ method, mode, url }: Pick<Request, 'method' | 'mode' | 'url'>, origin: string, base: string): Way {
  const { origin: of, pathname } = new URL(url)
  if (method !== 'GET' || of !== origin || !pathname.startsWith(`${base}/`)) return 'pass'
  const path = pathname.slice(base.length)
  if (path.startsWith('/assets/')) return 'asset'
  return mode === 'navigate' && PAGES.test(path) ? 'page' : 'pass'
}

const CACHE = 'livescreen-'

export function cacheOf(build: string): string {
  return CACHE + build
}

/** Those of other builds: what is in them is old. */
export function oldCaches(names: readonly string[], build: string): string[] {
  return names.filter((name) => name.startsWith(CACHE) && name !== cacheOf(build))
}

/** What stands in the place of a page while the server does not answer: it asks again by itself, and never shows an older screen. */
export const AWAY = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="5">
<title>livescreen</title>
<style>
:root { color-scheme: dark light }
body { display: grid; place-content: center; min-height: 90vh; margin: 0 1rem; font: 500 1.4rem/1.6 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', system-ui, sans-serif; text-align: center }
</style>
<p>服务器没有应答，正在自动重试…<br><span lang="en">The server does not answer; trying again…</span></p>
</html>`

export const AWAY_HEADERS = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" }
