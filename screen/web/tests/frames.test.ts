import { describe, expect, it } from 'vitest'

import { type Frame, FrameError, merge, NOTHING, parse } from '../src/link/frames'

const frame = (rev: number, d: Frame['d'], full = false, epoch = 'e1'): Frame => ({ epoch, rev, full, at: rev * 1000, d })
const first = merge(NOTHING, frame(1, { products: { a: { price: 1, stock: 5 }, b: { price: 2 } }, words: { 好: { count: 3 } } }, true))

describe('merge', () => {
  it('takes a full frame as all there is', () => {
    const after = merge(first, frame(9, { words: { 新: { count: 1 } } }, true, 'e2'))
    expect([...Object.keys(after.tables)]).toEqual(['words'])
    expect(after).toMatchObject({ epoch: 'e2', rev: 9, at: 9000 })
  })

  it('changes only the fields of a delta', () => {
    const after = merge(first, frame(2, { products: { a: { stock: 4 } } }))
    expect(after.tables.products?.get('a')).toEqual({ price: 1, stock: 4 })
    expect(after.tables.products?.get('b')).toBe(first.tables.products?.get('b'))
    expect(after.tables.words).toBe(first.tables.words)
  })

  it('does not touch what was held before', () => {
    merge(first, frame(2, { products: { a: { stock: 4 }, b: null } }))
    expect(first.tables.products?.get('a')).toEqual({ price: 1, stock: 5 })
    expect(first.tables.products?.has('b')).toBe(true)
  })

  it('removes a row on its tombstone, known or not, and keeps a null field as null', () => {
    const after = merge(first, frame(2, { products: { b: null, never: null, a: { price: null } } }))
    expect([...(after.tables.products?.keys() ?? [])]).toEqual(['a'])
    expect(after.tables.products?.get('a')?.price).toBeNull()
  })

  it('keeps everything on a heartbeat', () => {
    expect(merge(first, frame(1, {})).tables).toEqual(first.tables)
  })

  it('refuses a delta of another epoch', () => {
    expect(() => merge(first, frame(2, {}, false, 'e2'))).toThrow(FrameError)
  })

  it('lets a hostile key be a key and nothing more', () => {
    const hostile = parse('{"epoch":"e1","rev":2,"full":false,"at":1,"d":{"words":{"__proto__":{"count":7}}}}')
    const after = merge(first, hostile)
    expect(after.tables.words?.get('__proto__')).toEqual({ count: 7 })
    expect(({} as { count?: number }).count).toBeUndefined()
  })
})

describe('parse', () => {
  it.each(['null', '[]', '{}', '{"epoch":1,"rev":1,"full":true,"at":1,"d":{}}', '{"epoch":"e","rev":1,"full":true,"at":1,"d":[]}'])('refuses %s', (text) => {
    expect(() => parse(text)).toThrow(FrameError)
  })

  it('refuses what is no JSON', () => {
    expect(() => parse('{"epoch"')).toThrow(SyntaxError)
  })
})
