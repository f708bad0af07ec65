import { describe, expect, it } from 'vitest'

import type { Ended } from '../src/link/source'
import { openStream, split } from '../src/link/stream'

describe('an event stream', () => {
  it('is split into whole events, however it is cut', () => {
    const text = 'data: {"a":1}\n\nevent: close\ndata: {"code":4000,"name":"server_stopping"}\n\n'
    for (let cut = 0; cut <= text.length; cut++) {
      const first = split(text.slice(0, cut))
      const second = split(first.rest + text.slice(cut))
      expect([...first.events, ...second.events]).toEqual([
        { name: 'message', data: '{"a":1}' },
        { name: 'close', data: '{"code":4000,"name":"server_stopping"}' },
      ])
      expect(second.rest).toBe('')
    }
  })

  const run = (answer: Response): Promise<{ texts: string[]; why: Ended }> => {
    const texts: string[] = []
    return new Promise((done) => {
      openStream('r', '', { text: (text) => texts.push(text), ended: (why) => done({ texts, why }) }, () => Promise.resolve(answer))
    })
  }

  it('gives its frames, letters of several bytes cut apart too, and why it ended', async () => {
    const bytes = new TextEncoder().encode('data: 直播\n\nevent: close\ndata: {"code":4001}\n\n')
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]))
        controller.close()
      },
    })
    expect(await run(new Response(body))).toEqual({ texts: ['直播'], why: { code: 4001 } })
  })

  it('says what it was refused for', async () => {
    const headers = { 'content-type': 'application/problem+json' }
    expect(await run(new Response('{"type":"urn:livescreen:token-full"}', { status: 429, headers }))).toEqual({ texts: [], why: { reach: 'crowded' } })
    expect(await run(new Response('{}', { status: 401, headers }))).toEqual({ texts: [], why: { reach: 'expired' } })
  })
})
