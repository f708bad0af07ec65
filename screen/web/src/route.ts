/** Which view an address means. Pages are loaded whole: a wall screen changes its address once a day. */
export type Route = { view: 'wall' } | { view: 'room' | 'host'; room: string } | { view: 'none' }

export function route(path: string): Route {
  if (path === '/' || path === '') return { view: 'wall' }
  const found = /^\/rooms\/([^/]+)(\/host)?\/?$/.exec(path)
  if (!found?.[1]) return { view: 'none' }
  return { view: found[2] ? 'host' : 'room', room: decode(found[1]) }
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
  return `/rooms/${encodeURIComponent(room)}${host ? '/host' : ''}`
}
