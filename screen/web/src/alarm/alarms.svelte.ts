import { keep, kept } from '../state/kept'

/** Whether this browser tells of critical alerts: with a notification, with a sound. Each person's own choice. */
class Alarms {
  private notifies = $state(kept('alarm-notify', false))
  /** The browser lets the page make no sound until somebody clicks on it. */
  blocked = $state(false)
  private sounds = $state(kept('alarm-sound', false))

  get on(): boolean {
    return this.notifies || this.sounds
  }

  get notify(): boolean {
    return this.notifies
  }

  set notify(wanted: boolean) {
    this.notifies = wanted
    keep('alarm-notify', wanted)
  }

  get sound(): boolean {
    return this.sounds
  }

  /** Turned on by a click, it is heard at once: so one knows how it sounds, and the browser lets the page sound from now on. */
  set sound(wanted: boolean) {
    this.sounds = wanted
    keep('alarm-sound', wanted)
    this.blocked = false
    if (wanted) void import('./sound').then(({ play }) => play())
  }
}

export const alarms = new Alarms()

export function mayNotify(): boolean {
  return 'Notification' in window && Notification.permission === 'granted'
}

/** Asks the browser for leave, which it gives on a click alone; why it cannot be, or undefined. */
export async function askToNotify(): Promise<'denied' | 'insecure' | undefined> {
  if (!isSecureContext || !('Notification' in window)) return 'insecure'
  return (await Notification.requestPermission()) === 'granted' ? undefined : 'denied'
}
