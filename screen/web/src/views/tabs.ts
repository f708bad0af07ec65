export const TABS = ['overview', 'data', 'products', 'audience', 'talk', 'traffic'] as const
export type Tab = (typeof TABS)[number]

export function tabOf(hash: string): Tab {
  const name = hash.replace(/^#/, '')
  return TABS.find((tab) => tab === name) ?? 'overview'
}

/** The tab of a number key, 1 to 6. */
export function tabOfKey(key: string): Tab | undefined {
  return /^[1-9]$/.test(key) ? TABS[Number(key) - 1] : undefined
}

export function nextTab(tab: Tab): Tab {
  return TABS[(TABS.indexOf(tab) + 1) % TABS.length] ?? 'overview'
}
