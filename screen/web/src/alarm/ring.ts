import { here } from '../base'
import { roomPath } from '../route'
import { locale } from '../text/locale.svelte'
import { alarms, mayNotify } from './alarms.svelte'
import { Heard, tagOf, type Told } from './heard'
import { play } from './sound'

const heard = new Heard()

/** Tells of critical alerts of a room that have just begun, as this person wants it. `now`: the server's clock, ms. */
export function ring(room: string, title: string, alerts: Iterable<Told>, now: number): void {
  const news = heard.news(room, alerts, now)
  if (!news.length) return
  if (alarms.notify && mayNotify()) for (const row of news) void notify(tagOf(room, row), row[`title_${locale.language}`], title || room, roomPath(room))
  if (alarms.sound) void once(async () => (alarms.blocked = !(await play())))
}

/** One notification of one alert, in however many windows it is seen: the tag makes them one. */
async function notify(tag: string, title: string, body: string, path: string): Promise<void> {
  const options = { tag, body, icon: here('/icon-192.png'), data: { path }, requireInteraction: true }
  const worker = await navigator.serviceWorker?.getRegistration()
  if (worker?.active) return worker.showNotification(title, options)
  const shown = new Notification(title, options)
  shown.onclick = () => {
    window.focus()
    location.assign(path)
  }
}

/** Of several windows that hear of it at once, one sounds; where browsers know no locks (plain HTTP), each. */
async function once(what: () => Promise<unknown>): Promise<void> {
  if (!navigator.locks) return void (await what())
  await navigator.locks.request('livescreen.alarm', { ifAvailable: true }, async (lock) => {
    if (!lock) return
    await what()
    await new Promise((done) => setTimeout(done, 1_500))
  })
}
