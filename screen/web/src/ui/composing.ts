/** Whether a key belongs to an input method: Safari says so by the key code alone once the composition has ended, others by `isComposing`. */
export function isComposing({ isComposing, keyCode }: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return isComposing || keyCode === 229
}

/** Keeps the keys of input methods from everything on the page: an Enter that ends a composition sends nothing, chooses nothing, breaks no line. */
export function keepCompositions(target: Window): void {
  target.addEventListener(
    'keydown',
    (event) => {
      if (!isComposing(event)) return
      event.stopImmediatePropagation()
      if (event.key === 'Enter' && !event.isComposing) event.preventDefault()
    },
    { capture: true },
  )
}
