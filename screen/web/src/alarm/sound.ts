/** Two short tones, made here: no file, and nothing to load when it matters. */

const TONES = [880, 660] as const
const TONE_SECONDS = 0.22
const LOUDNESS = 0.25
let context: AudioContext | undefined

/** Whether the page may make a sound. */
export async function mayPlay(): Promise<boolean> {
  context ??= new AudioContext()
  // It never answers where nobody has touched the page yet.
  if (context.state === 'suspended') await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 300))])
  return context.state === 'running'
}

/** Plays it; false where the browser waits for a click first. */
export async function play(): Promise<boolean> {
  if (!(await mayPlay()) || !context) return false
  const audio = context
  TONES.forEach((hertz, i) => tone(audio, hertz, i * TONE_SECONDS * 1.2))
  return true
}

function tone(audio: AudioContext, hertz: number, after: number): void {
  const start = audio.currentTime + after
  const source = audio.createOscillator()
  const volume = audio.createGain()
  source.frequency.value = hertz
  // Faded, or it would click.
  volume.gain.setValueAtTime(0, start)
  volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02)
  volume.gain.linearRampToValueAtTime(0, start + TONE_SECONDS)
  source.connect(volume).connect(audio.destination)
  source.start(start)
  source.stop(start + TONE_SECONDS)
}
