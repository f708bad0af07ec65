import type { zh } from './zh'

export const en: Record<keyof typeof zh, string> = {
  title: 'TV playlist',
  about: "Choose rooms and tabs to show in turn, and make the address the start page of the TV's browser.",
  rooms: 'Rooms',
  live: 'All rooms on air',
  wall: 'The wall of rooms',
  tabs: 'Tabs',
  seconds: 'Seconds each',
  camera: 'Hide money (camera mode)',
  link: 'Address',
  start: 'Start',
  empty: 'Choose a room first',
  paused: 'Paused',
  place: '{n} of {of}',
}
