import './base.css'

import { mount } from 'svelte'

import App from './App.svelte'
import { keepFocus } from './ui/focus'

/** A part of the page that cannot be had: the server has a newer build by now, or is away. Loaded anew once it answers, so that no wall stays half empty. */
const RETRY_MS = 5_000
let asking = false
addEventListener('vite:preloadError', () => {
  if (asking) return
  asking = true
  setInterval(() => void fetch(location.href).then(({ ok }) => ok && location.reload(), () => undefined), RETRY_MS)
})

const target = document.getElementById('app')
keepFocus(document.body)
if (target) mount(App, { target })
