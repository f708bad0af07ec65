import type { zhLook } from './zh_look'

export const enLook: Record<keyof typeof zhLook, string> = {
  theme: 'Appearance',
  'theme.system': 'System',
  'theme.dark': 'Dark',
  'theme.light': 'Light',
  camera: 'Camera mode',
  'camera.hint': 'All amounts of money are hidden, so the screen can be filmed; press again (M) to show them',
  'camera.about': 'hides all money',
  alarms: 'On critical alerts',
  'alarms.notify': 'Notify',
  'alarms.sound': 'Sound',
  'alarms.denied': 'The browser blocks notifications of this site: allow them in its site settings.',
  'alarms.insecure': 'Notifications need an HTTPS address.',
  'alarms.blocked': 'The browser plays sounds only after a click on the page.',
  share: 'Share this room…',
  'keys.camera': 'Camera mode: hide or show money',
  'keys.tv': 'TV playlist',
  'keys.tv.turn': 'Previous, next',
  'keys.tv.pause': 'Pause, go on',
  'key.space': 'Space',
  tv: 'TV playlist…',
}
