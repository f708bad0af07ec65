// Puts `.br` and `.gz` beside the scripts and styles of the build: packed once, as small as it gets, instead of for each browser
// (screen/site.py serves them). Fonts are packed already; what is small gains nothing.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const ASSETS = new URL('../static/assets/', import.meta.url)
const LEAST_BYTES = 1024

for (const name of readdirSync(ASSETS).filter((each) => /\.(js|css)$/.test(each))) {
  const content = readFileSync(new URL(name, ASSETS))
  if (content.length < LEAST_BYTES) continue
  const brotli = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } })
  writeFileSync(new URL(`${name}.br`, ASSETS), brotli)
  writeFileSync(new URL(`${name}.gz`, ASSETS), gzipSync(content, { level: 9 }))
}
