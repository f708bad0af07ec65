/** A room's frames as server-sent events over a plain request, for places that let no websocket through. */
import { here } from '../base'
import type { Ended, Source, Taker } from './source'
import { reachOf } from './refusal'

/** What has come of an event stream so far: whole events, and the rest. Pure. */
export function split(text: string): { events: { name: string; data: string }[]; rest: string } {
  const parts = text.split('\n\n')
  const rest = parts.pop() ?? ''
  return { events: parts.map(eventOf), rest }
}

function eventOf(part: string): { name: string; data: string } {
  let name = 'message'
  const data: string[] = []
  for (const line of part.split('\n')) {
    if (line.startsWith('event: ')) name = line.slice(7)
    else if (line.startsWith('data: ')) data.push(line.slice(6))
  }
  return { name, data: data.join('\n') }
}

export function openStream(room: string, query: string, taker: Taker, get: typeof fetch = fetch): Source {
  const stop = new AbortController()
  void follow(here(`/api/rooms/${encodeURIComponent(room)}/frames?${query}`), stop.signal, taker, get).then((ended) => stop.signal.aborted || taker.ended(ended))
  return { close: () => stop.abort() }
}

/** Reads to the end, and gives the reason of it. */
async function follow(path: string, signal: AbortSignal, taker: Taker, get: typeof fetch): Promise<Ended> {
  try {
    const answer = await get(path, { signal, headers: { Accept: 'text/event-stream' } })
    if (!answer.ok || !answer.body) return { reach: await reachOf(answer) }
    return { code: await read(answer.body, taker, signal) }
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error
    return { reach: navigator.onLine === false ? 'offline' : 'away' }
  }
}

async function read(body: ReadableStream<Uint8Array>, taker: Taker, signal: AbortSignal): Promise<number> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let code = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done || signal.aborted) return code
    const found = split(rest + decoder.decode(value, { stream: true }))
    rest = found.rest
    for (const { name, data } of found.events) {
      if (name === 'close') code = (JSON.parse(data) as { code: number }).code
      else taker.text(data)
    }
  }
}
