import { svelte } from '@sveltejs/vite-plugin-svelte'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const SERVER = 'http://127.0.0.1:8700'

/** Writes the build's name into the service worker: another build is another worker, with a cache of its own. All files are named by their content, and by the names in it. */
const NAMED: Plugin = {
  name: 'build-name',
  enforce: 'post',
  generateBundle(_, bundle) {
    const worker = bundle['sw.js']
    if (worker?.type !== 'chunk') throw new Error('the build has no sw.js')
    const entries = Object.keys(bundle).filter((name) => /^assets\/index-[^/]*\.js$|\.css$/.test(name))
    worker.code = worker.code.replace('__BUILD__', entries.sort().join('+'))
  },
}

export default defineConfig({
  plugins: [svelte(), NAMED],
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
    rolldownOptions: {
      input: { index: 'index.html', sw: 'src/worker/sw.ts' },
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  test: { include: ['tests/**/*.test.ts'] },
})
