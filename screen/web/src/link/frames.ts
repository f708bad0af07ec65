/** What the server sends, and how it is merged. Pure: nothing here knows a socket, a clock or a component. */

export type Value = unknown
export type Row = Readonly<Record<string, Value>>
export type Rows = ReadonlyMap<string, Row>
export type Tables = Readonly<Record<string, Rows>>

export interface Frame {
  epoch: string
  rev: number
  full: boolean
  /** The server's clock, ms. */
  at: number
  /** table → key → changed fields; null: the row is gone. */
  d: Record<string, Record<string, Row | null>>
}

/** What a browser holds of a room. */
export interface Held {
  epoch: string
  rev: number
  at: number
  tables: Tables
}

export const NOTHING: Held = { epoch: '', rev: 0, at: 0, tables: {} }

/** The text is not a frame, or a frame that does not follow what is held. */
export class FrameError extends Error {}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function parse(text: string): Frame {
  const frame: unknown = JSON.parse(text)
  if (
    !isObject(frame) ||
    typeof frame.epoch !== 'string' ||
    typeof frame.rev !== 'number' ||
    typeof frame.full !== 'boolean' ||
    typeof frame.at !== 'number' ||
    !isObject(frame.d)
  ) {
    throw new FrameError('not a frame')
  }
  return frame as unknown as Frame
}

function mergeTable(before: Rows | undefined, changes: Record<string, Row | null>): Rows {
  const rows = new Map(before)
  for (const [key, change] of Object.entries(changes)) {
    if (change === null) rows.delete(key)
    else rows.set(key, { ...rows.get(key), ...change })
  }
  return rows
}

/** What is held after the frame. Untouched tables and rows stay the same objects, so that views can compare by identity. */
export function merge(held: Held, frame: Frame): Held {
  if (!frame.full && frame.epoch !== held.epoch) throw new FrameError('a delta of another epoch')
  const tables: Record<string, Rows> = frame.full ? {} : { ...held.tables }
  for (const [name, changes] of Object.entries(frame.d)) {
    tables[name] = mergeTable(tables[name], changes)
  }
  return { epoch: frame.epoch, rev: frame.rev, at: frame.at, tables }
}
