import { keep, kept } from './kept'

const KEY = 'camera'

/** Whether the address begins with the camera mode on or off (`?camera=1`), for a wall; else as it was left in this browser. */
export function firstCamera(search: string, left: unknown): boolean {
  const said = new URLSearchParams(search).get('camera')
  return said === null ? left === true : said !== '0'
}

/** The camera mode: no amount of money comes as far as this page's data (`withoutMoney`), so none can be filmed off it. */
class Camera {
  on = $state(typeof location === 'undefined' ? false : firstCamera(location.search, kept<unknown>(KEY, false)))

  /** The view is made anew with it (App.svelte): what was there before is let go. */
  toggle(): void {
    this.on = !this.on
    keep(KEY, this.on)
  }
}

export const camera = new Camera()

/** `M` turns it on and off, except where it is typed. */
export function onCameraKey(event: KeyboardEvent): void {
  if (event.key.toLowerCase() !== 'm' || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
  if (event.target instanceof Element && event.target.closest('input, textarea, select, dialog, [contenteditable]')) return
  camera.toggle()
}
