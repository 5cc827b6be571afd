/**
 * Tells the others where this listener is: at most twice a second while playing, at once on play, pause and
 * jumps, and the last place when several came too quickly.
 *
 * @typedef {{version: string, at: number, playing: boolean}} Place
 */

const APART = 500;

export class Whereabouts {
  #saidAt = -APART;
  /** @type {any} */
  #timer = null;
  /** @type {Place | null} */
  #latest = null;

  /** @param {(message: object) => void} say @param {() => number} [now] */
  constructor(say, now = () => performance.now()) {
    this.say = say;
    this.now = now;
  }

  /** @param {Place} place */
  tell(place) {
    this.#latest = place;
    const wait = this.#saidAt + APART - this.now();
    if (wait <= 0) this.#speak();
    else this.#timer ??= setTimeout(() => this.#speak(), wait);
  }

  /** After a reconnection the others have forgotten it. */
  again() {
    if (this.#latest) this.#speak();
  }

  #speak() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#saidAt = this.now();
    this.say({ type: "playhead", ...this.#latest });
  }
}
