/** Whoever works by keyboard is not thrown back to the top of the page when what they are on is moved, or goes away: the focus stays on it, or on what held it. */
export function keepFocus(root: HTMLElement): void {
  let last: HTMLElement | undefined
  root.addEventListener('focusin', ({ target }) => {
    last = target instanceof HTMLElement ? target : undefined
  })
  // Left on purpose: what becomes of it later is no longer of interest. Of what is taken away, the observer hears before.
  root.addEventListener('focusout', () => {
    setTimeout(() => {
      if (document.activeElement !== last) last = undefined
    })
  })
  new MutationObserver((changes) => {
    const lost = last
    if (!lost || document.activeElement !== document.body) return
    const change = changes.find(({ removedNodes }) => [...removedNodes].some((node) => node.contains(lost)))
    if (!change) return
    const home = lost.isConnected ? lost : nearest(change.target)
    home?.focus({ preventScroll: true })
  }).observe(root, { childList: true, subtree: true })
}

function nearest(place: Node): HTMLElement | null {
  const near = place instanceof Element && place.isConnected ? place.closest<HTMLElement>('[tabindex]') : null
  return near ?? document.getElementById('main')
}
