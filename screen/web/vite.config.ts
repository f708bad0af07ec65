import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

const SERVER = 'http://127.0.0.1:8700'

export default defineConfig({
  plugins: [svelte()],
  server: { proxy: { '/api': SERVER, '/login': SERVER, '/ws': { target: SERVER, ws: true } } },
  // The page's own addresses get their base path from the server (screen/site.py); scripts and styles find each other by where they lie.
  experimental: { renderBuiltUrl: (name, { hostType }) => (hostType === 'html' ? `/${name}` : { relative: true }) },
  build: {
    outDir: '../static',
    emptyOutDir: true,
    target: 'es2022',
    license: { fileName: 'licences.md' },
    // No data: addresses, the content security policy allows none.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // All of it is 11 KB; in twenty pieces it would be half as much again, and as many requests before the first figures.
    cssCodeSplit: false,
    // ECharts is one large chunk, loaded after the figures stand.
    chunkSizeWarningLimit: 700,
  },
  test: { include: ['tests/**/*.test.ts'] },
})
