import type { SceneRow, ViolationRow } from '../../state/rows'

/** One line of the events: a scene, or a violation that was found in what people write. */
export type Happening = { id: string; at: number; scene: SceneRow; found?: undefined } | { id: string; at: number; found: ViolationRow; scene?: undefined }

const breaks = (scene: SceneRow) => scene.kind === 'violated'

/** The newest of both first; `only`: violations alone, the platform's notices among them. */
export function happenings(scenes: ReadonlyMap<string, SceneRow>, found: ReadonlyMap<string, ViolationRow>, only: boolean, most: number): Happening[] {
  const all: Happening[] = [...found].map(([id, row]) => ({ id: `found:${id}`, at: row.at, found: row }))
  for (const [id, scene] of scenes) if (!only || breaks(scene)) all.push({ id, at: scene.at, scene })
  return all.sort((a, b) => b.at - a.at).slice(0, most)
}

/** All violations of the broadcast: the platform's notices, and what was found, of which only the newest have rows. */
export function violationsIn(scenes: Iterable<SceneRow>, counts: Iterable<{ count: number }>): number {
  let sum = 0
  for (const scene of scenes) if (breaks(scene)) sum++
  for (const { count } of counts) sum += count
  return sum
}

/** Where the clip of a notice can be seen: an address of the web, nothing else that a browser would run. */
export function clipOf(scene: SceneRow): string | undefined {
  return typeof scene.clip === 'string' && /^https?:\/\//i.test(scene.clip) ? scene.clip : undefined
}
