/** The one explanation that is shown: of whatever the pointer or the keyboard is on. */
interface Shown {
  text: string
  left: number
  top: number
  below: boolean
}

export const shown = $state<{ tip: Shown | undefined }>({ tip: undefined })

const EDGE_PX = 200

function place(element: Element, text: string): void {
  const box = element.getBoundingClientRect()
  const below = box.top < innerHeight / 3
  const middle = box.left + box.width / 2
  shown.tip = { text, left: Math.min(Math.max(middle, EDGE_PX), Math.max(EDGE_PX, innerWidth - EDGE_PX)), top: below ? box.bottom : box.top, below }
}

/** What is being explained. */
let owner: Element | undefined

/** Explains an element on hover and focus, and to screen readers. Use: `{@attach tip(text)}`. */
export function tip(text: string): (element: HTMLElement) => () => void {
  return (element) => {
    const show = () => {
      if (!text) return
      owner = element
      place(element, text)
    }
    const hide = () => {
      if (owner !== element) return
      owner = undefined
      // A moment later: an element that goes away loses the focus while the page is being put together, when nothing may change.
      queueMicrotask(() => {
        if (!owner) shown.tip = undefined
      })
    }
    const ends: [string, () => void][] = [['mouseenter', show], ['mouseleave', hide], ['focus', show], ['blur', hide]] // prettier-ignore
    element.setAttribute('aria-description', text)
    for (const [event, act] of ends) element.addEventListener(event, act)
    // A figure that is explained while it changes.
    if (owner === element) (text ? show : hide)()
    return () => {
      for (const [event, act] of ends) element.removeEventListener(event, act)
      queueMicrotask(() => {
        if (!element.isConnected) hide()
      })
    }
  }
}
