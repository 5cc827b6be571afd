/** @type {AudioContext | null} */
let made = null;

/** The page's one audio context: browsers allow few, and want a gesture before it sounds. */
export function audioContext() {
  return (made ??= new AudioContext({ latencyHint: "interactive" }));
}
