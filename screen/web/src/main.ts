import './theme.css'
import './base.css'

import { mount } from 'svelte'

import App from './App.svelte'
import { newer } from './link/newer.svelte'
import { keepCompositions } from './ui/composing'
import { install } from './ui/install'
import { theme } from './state/theme.svelte'
import { keepFocus } from './ui/focus'

addEventListener('vite:preloadError', () => void newer.load())
keepCompositions(window)
theme.follow()

const target = document.getElementById('app')
keepFocus(document.body)
if (target) mount(App, { target })
void install()
