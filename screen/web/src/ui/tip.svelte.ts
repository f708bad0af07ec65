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

/** Explains an element on hover and focus, and to screen readers. Use: `{@attach tip(text)}`. */
export function tip(text: string): (element: HTMLElement) => () => void {
  return (element) => {
    const show = () => {
      if (text) place(element, text)
    }
    // A moment later: an element that goes away loses the focus while the page is being put together, when nothing may change.
    const hide = () => queueMicrotask(() => (shown.tip = undefined))
    element.setAttribute('aria-description', text)
    element.addEventListener('mouseenter', show)
    element.addEventListener('mouseleave', hide)
    element.addEventListener('focus', show)
    element.addEventListener('blur', hide)
    return () => {
      element.removeEventListener('mouseenter', show)
      element.removeEventListener('mouseleave', hide)
      element.removeEventListener('focus', show)
      element.removeEventListener('blur', hide)
      if (shown.tip?.text === text) hide()
    }
  }
}
