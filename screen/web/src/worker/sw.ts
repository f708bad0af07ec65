/** The service worker. It makes the screen installable and quick to load, and never lets an older build be shown: pages and figures always come from the server. */
import { AWAY, AWAY_HEADERS, cacheOf, oldCaches, wayOf } from './ways'

/** What of a worker's surroundings is used here; the types of pages do not know them. */
interface Extended {
  waitUntil(done: Promise<unknown>): void
}
interface Fetching extends Extended {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface Clicked extends Extended {
  readonly notification: Notification
}
interface Window {
  readonly url: string
  focus(): Promise<unknown>
}
interface Worker {
  readonly registration: { readonly scope: string }
  readonly location: { readonly origin: string }
  readonly clients: { claim(): Promise<void>; matchAll(of: { type: 'window'; includeUncontrolled: boolean }): Promise<Window[]>; openWindow(url: string): Promise<unknown> }
  skipWaiting(): Promise<void>
  addEventListener(kind: 'install' | 'activate', heard: (event: Extended) => void): void
  addEventListener(kind: 'fetch', heard: (event: Fetching) => void): void
  addEventListener(kind: 'notificationclick', heard: (event: Clicked) => void): void
}

const worker = self as unknown as Worker
/** Written in by the build (vite.config.ts). */
const BUILD = '__BUILD__'
const base = new URL(worker.registration.scope).pathname.replace(/\/$/, '')

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()))
worker.addEventListener('activate', (event) => event.waitUntil(begin()))
worker.addEventListener('fetch', (event) => {
  const way = wayOf(event.request, worker.location.origin, base)
  if (way === 'asset') event.respondWith(asset(event.request))
  else if (way === 'page') event.respondWith(page(event.request))
})
worker.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(show((event.notification.data as { path: string }).path))
})

async function begin(): Promise<void> {
  await Promise.all(oldCaches(await caches.keys(), BUILD).map((name) => caches.delete(name)))
  await worker.clients.claim()
}

async function asset(request: Request): Promise<Response> {
  const cache = await caches.open(cacheOf(BUILD))
  const held = await cache.match(request)
  if (held) return held
  const answer = await fetch(request)
  if (answer.status === 200) await cache.put(request, answer.clone())
  return answer
}

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    if (error instanceof TypeError) return new Response(AWAY, { status: 503, headers: AWAY_HEADERS })
    throw error
  }
}

/** The window that shows it already, else a new one. */
async function show(path: string): Promise<void> {
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const there = windows.find(({ url }) => new URL(url).pathname === path)
  await (there ? there.focus() : worker.clients.openWindow(path))
}
