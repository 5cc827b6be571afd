/**
 * Which parts of a version were heard in this browser, from what its player tells while it plays. Pure: the clock is
 * handed in.
 *
 * @typedef {[number, number]} Part from one second of the song to another
 */

/** Between two of the player's messages; a window in the background is told less often. Seconds. */
const LONGEST_STEP = 3;
/** Parts this close are one. */
const JOINED = 0.3;

export class HeardParts {
  /** @type {Part[]} in order, apart */
  parts;
  /** @type {{at: number, now: number} | null} */
  #last = null;

  /** @param {Part[]} [parts] */
  constructor(parts = []) {
    this.parts = merged(parts);
  }

  /** @param {number} at second of the song @param {boolean} playing @param {number} now milliseconds */
  note(at, playing, now) {
    const last = this.#last;
    this.#last = playing ? { at, now } : null;
    if (!last) return;
    const step = at - last.at;
    // A jump is not heard: music takes as long as it lasts.
    const possible = Math.min(LONGEST_STEP, ((now - last.now) / 1000) * 1.5 + 0.25);
    if (step > 0 && step <= possible) this.parts = merged([...this.parts, [last.at, at]]);
  }

  get seconds() {
    return this.parts.reduce((sum, [start, end]) => sum + end - start, 0);
  }
}

/** @param {Part[]} parts @returns {Part[]} */
export function merged(parts) {
  /** @type {Part[]} */
  const found = [];
  for (const [start, end] of [...parts].sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last && start <= last[1] + JOINED) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}
