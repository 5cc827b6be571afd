/**
 * How a page's play head is kept where the leader's is. Pure: what is heard and what should be goes in, what to
 * do comes out.
 *
 * @typedef {{version: string | null, at: number | null, playing: boolean, when: number}} LeaderPlace
 *   `when` is the moment of `at` in milliseconds of the server's clock
 * @typedef {{seek: number} | {rate: number}} Step
 */

/** Below this nobody hears two rooms apart, and trimming would be heard more than what it mends. */
const NEAR = 0.008;
/** Further than this a listener is brought over at once; less is caught up by playing a little faster or slower. */
const FAR = 0.06;
const AWAY = 0.25;
const MOST_TRIM = 0.02;
/** A trim is reckoned to close the gap in this many seconds. */
const CLOSE_IN = 1;
/** Jumps after a change of the leader's; later ones need a greater distance, or a poor machine would stutter. */
const JUMPS = 4;
const LONGEST_LAG = 0.6;

/** Where the leader is now. @param {LeaderPlace} place @param {number} now by the server's clock */
export function placeNow({ at, playing, when }, now) {
  return (at ?? 0) + (playing ? Math.max(0, now - when) / 1000 : 0);
}

/** How far a leader's own head is from where everybody thinks it is. @param {LeaderPlace} told @param {number} at @param {number} now */
export const driftOf = (told, at, now) => at - placeNow(told, now);

/** Learns how long this browser takes from a jump until it sounds, and jumps that much ahead. */
export class Steering {
  #jumps = 0;
  #lag = 0.05;
  #jumped = false;

  /** The leader did something: what follows is worth a jump again. */
  begin() {
    this.#jumps = 0;
    this.#jumped = false;
  }

  /** Where to jump so that the sound begins in time. @param {number} target */
  ahead(target) {
    this.#jumps += 1;
    this.#jumped = true;
    return target + this.#lag;
  }

  /** @param {number} at where the head is, playing @param {number} target where it should be @returns {Step} */
  step(at, target) {
    const error = at - target;
    this.#learn(error);
    const far = this.#jumps < JUMPS ? FAR : AWAY;
    if (Math.abs(error) > far) return { seek: this.ahead(target) };
    if (Math.abs(error) < NEAR) return { rate: 1 };
    return { rate: 1 - Math.max(-MOST_TRIM, Math.min(MOST_TRIM, error / CLOSE_IN)) };
  }

  /** @param {number} error */
  #learn(error) {
    if (!this.#jumped) return;
    this.#jumped = false;
    this.#lag = Math.max(0, Math.min(LONGEST_LAG, this.#lag - error * 0.8));
  }
}
