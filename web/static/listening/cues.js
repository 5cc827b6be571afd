/**
 * Which comments are under the play head. Pure.
 *
 * @typedef {{id: string, at: number, until: number | null}} Cue
 */

/** A comment at a moment stays lit this long: long enough to be read while the music goes on. */
export const LINGER = 4;

/**
 * @param {Cue[]} cues sorted by `at` @param {number} seconds
 * @returns {string[]} ids, earliest first
 */
export function cuesUnder(cues, seconds) {
  const under = [];
  for (const cue of cues) {
    if (cue.at > seconds + 1e-3) break;
    if (seconds < Math.max(cue.until ?? 0, cue.at + LINGER)) under.push(cue.id);
  }
  return under;
}

/**
 * What came under the play head since the last look, the latest last.
 * @param {string[]} before @param {string[]} now
 */
export const entered = (before, now) => now.filter((id) => !before.includes(id));

/**
 * The next or the previous comment as seen from a time, for jumping from one to the other.
 * @param {Cue[]} cues sorted by `at` @param {number} seconds @param {1 | -1} direction
 * @returns {Cue | undefined}
 */
export function neighbour(cues, seconds, direction) {
  const ahead = (/** @type {Cue} */ cue) => cue.at > seconds + 0.05;
  // Going back right after a jump must not land on the same comment again.
  const behind = (/** @type {Cue} */ cue) => cue.at < seconds - 1;
  return direction === 1 ? cues.find(ahead) : cues.findLast(behind);
}
