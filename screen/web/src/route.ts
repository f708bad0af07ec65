import { here, inside } from './base'

/** Which view an address means. Pages are loaded whole: a wall screen changes its address once a day. */
export type Route = { view: 'wall' | 'rules' | 'subscriptions' | 'audit' | 'tv' } | { view: 'product'; room: string; product: string } | { view: 'room' | 'host' | 'assistant' | 'overlay'; room: string } | { view: 'none' }

export function route(address: string): Route {
  const path = inside(address)
  if (path === '/' || path === '') return { view: 'wall' }
  const whole = /^\/(rules|subscriptions|audit|tv)\/?$/.exec(path)?.[1]
  if (whole === 'rules' || whole === 'subscriptions' || whole === 'audit' || whole === 'tv') return { view: whole }
  const page = /^\/rooms\/([^/]+)\/products\/(.+)$/.exec(path)
  if (page?.[1] && page[2]) return { view: 'product', room: decode(page[1]), product: decode(page[2]) }
  const found = /^\/rooms\/([^/]+)(?:\/(host|assistant|overlay))?\/?$/.exec(path)
  if (!found?.[1]) return { view: 'none' }
  return { view: found[2] === 'host' || found[2] === 'assistant' || found[2] === 'overlay' ? found[2] : 'room', room: decode(found[1]) }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    if (error instanceof URIError) return part
    throw error
  }
}

export function roomPath(room: string, host = false): string {
  return here(`/rooms/${encodeURIComponent(room)}${host ? '/host' : ''}`)
}

export function productPath(room: string, product: string): string {
  return `${roomPath(room)}/products/${encodeURIComponent(product)}`
}
