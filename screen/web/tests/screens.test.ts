import { describe, expect, it } from 'vitest'

import { DEFAULT_FIGURES, figuresOf, MOST_FIGURES, widthOf } from '../src/overlay/figures'
import { route } from '../src/route'
import { linkOf, target } from '../src/share/link'
import { expanded, LIVE, playlistOf, searchOf, WALL } from '../src/tv/playlist'
import { AWAY, cacheOf, oldCaches, wayOf } from '../src/worker/ways'

describe('a playlist', () => {
  it('is rooms, tabs and seconds', () => {
    expect(playlistOf('?play=a:products:30,b,@wall::10&seconds=15')).toEqual([
      { room: 'a', tab: 'products', seconds: 30 },
      { room: 'b', tab: 'overview', seconds: 15 },
      { room: WALL, tab: 'overview', seconds: 10 },
    ])
  })

  it('is the same when it is written and read', () => {
    const items = playlistOf('?play=a:talk:30,@wall::9,@live:data&seconds=20')
    expect(playlistOf(searchOf(items, 20))).toEqual(items)
  })

  it('is not stopped by a slip', () => {
    expect(playlistOf('?play=,a:nonsense:soon,:x,b::99999&seconds=-3').map(({ room, tab, seconds }) => [room, tab, seconds])).toEqual([['a', 'overview', 5], ['b', 'overview', 3600]])
    expect(playlistOf('')).toEqual([])
    expect(playlistOf(`?play=${'a,'.repeat(500)}`)).toHaveLength(100)
  })

  it('has the rooms on air in their place, and all rooms where there is none', () => {
    const items = playlistOf('?play=@live:talk,z')
    expect(expanded(items, ['a', 'b']).map(({ room, tab }) => `${room}:${tab}`)).toEqual(['a:talk', 'b:talk', 'z:overview'])
    expect(expanded([{ room: LIVE, tab: 'talk', seconds: 5 }], []).map(({ room }) => room)).toEqual([WALL])
  })
})

describe('an overlay', () => {
  const known = (name: string) => ['gmv', 'online', 'orders_paid', 'viewers', 'likes', 'shares', 'comments', 'buyers'].includes(name)

  it('shows what the address names and is known, in its order, each once', () => {
    expect(figuresOf('?figures=viewers, gmv,nonsense,viewers', known)).toEqual(['viewers', 'gmv'])
    expect(figuresOf('?figures=nonsense', known)).toEqual([...DEFAULT_FIGURES])
    expect(figuresOf('', () => false)).toEqual([])
    expect(figuresOf('?figures=gmv,online,orders_paid,viewers,likes,shares,comments,buyers', known)).toHaveLength(MOST_FIGURES)
  })

  it('gives signs of Chinese the room of two', () => {
    expect(widthOf('12.5万')).toBeGreaterThan(widthOf('12.5K'))
  })
})

describe('a link for others', () => {
  const wanted = { room: 'a b', page: 'overlay', figures: ['gmv', 'online'], hideMoney: true } as const

  it('leads to the page, and logs in on the way', () => {
    expect(target(wanted)).toBe('/rooms/a%20b/overlay?figures=gmv,online&camera=1')
    expect(target({ ...wanted, page: 'room', hideMoney: false })).toBe('/rooms/a%20b')
    const link = new URL(linkOf('t0', wanted, 'https://live.example'))
    expect([link.pathname, link.searchParams.get('token'), link.searchParams.get('next')]).toEqual(['/login', 't0', target(wanted)])
    expect(route(new URL(target(wanted), link).pathname)).toEqual({ view: 'overlay', room: 'a b' })
  })

  it('leads to a playlist', () => {
    expect(route('/tv')).toEqual({ view: 'tv' })
  })
})

describe('the service worker', () => {
  const way = (path: string, mode: RequestMode = 'navigate', method = 'GET', base = '') => wayOf({ method, mode, url: new URL(path, 'https://live.example').href }, 'https://live.example', base)

  it('takes assets from its cache, and pages from the server', () => {
    expect(way('/assets/index-abc.js', 'cors')).toBe('asset')
    expect(['/', '/rooms/a', '/rooms/a/overlay?x=1', '/rules', '/tv?play=a'].map((path) => way(path))).toEqual(Array(5).fill('page'))
    expect(way('/live/assets/a.js', 'cors', 'GET', '/live')).toBe('asset')
    expect(way('/live/', 'navigate', 'GET', '/live')).toBe('page')
  })

  it('leaves everything else alone', () => {
    expect(way('/api/rooms', 'cors')).toBe('pass')
    expect(way('/login?token=x')).toBe('pass')
    expect(way('/rooms/a', 'cors')).toBe('pass')
    expect(way('/', 'navigate', 'POST')).toBe('pass')
    expect(way('https://other.example/assets/a.js', 'cors')).toBe('pass')
    expect(way('/assets/a.js', 'cors', 'GET', '/live')).toBe('pass')
  })

  it('lets go of what other builds had, and of nothing else', () => {
    expect(oldCaches([cacheOf('new'), cacheOf('old'), 'theirs'], 'new')).toEqual([cacheOf('old')])
  })

  it('says in both languages that the server is away, without a script', () => {
    expect(AWAY).toContain('没有应答')
    expect(AWAY).toContain('does not answer')
    expect(AWAY).not.toContain('<script')
  })
})
