import { here } from '../base'
import type { Reach } from './refusal'

/** Where frames come from: a websocket, or a stream where there can be none. */
export interface Source {
  close(): void
}

/** Why a source ended: the server's close code (screen/close.py; 0, or 1006, without one), or what a request said instead. */
export type Ended = { code: number } | { reach: Reach }

export interface Taker {
  text(text: string): void
  ended(why: Ended): void
}

/** How long a websocket may take to open: a proxy may swallow it without a word. */
const OPENING_MS = 6_000

export function openSocket(room: string, query: string, taker: Taker): Source {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  const socket = new WebSocket(`${scheme}://${location.host}${here('/ws/rooms/')}${encodeURIComponent(room)}?${query}`)
  let over = false
  const end = (why: Ended): void => {
    if (over) return
    over = true
    clearTimeout(opening)
    taker.ended(why)
  }
  const opening = setTimeout(() => {
    end({ code: 0 })
    socket.close()
  }, OPENING_MS)
  socket.onopen = () => clearTimeout(opening)
  socket.onmessage = (event) => over || taker.text(String(event.data))
  socket.onclose = (event) => end({ code: event.code })
  return {
    close: () => {
      over = true
      clearTimeout(opening)
      socket.close()
    },
  }
}
