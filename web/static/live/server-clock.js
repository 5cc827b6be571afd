/**
 * The server's clock, read over the socket. Each reading says what it showed somewhere between our asking and
 * the answer; the quicker the answer, the less there is to guess. Pure but for the clock handed in.
 */

/** Old readings go: two clocks drift apart by a few milliseconds in a minute. */
const KEPT = 12;

export class ServerClock {
  /** @type {{offset: number, trip: number}[]} newest last */
  #readings = [];

  /** @param {() => number} [now] our own clock in milliseconds */
  constructor(now = () => performance.now()) {
    this.ours = now;
  }

  /** @param {number} sent by our clock @param {number} shown by the server's */
  read(sent, shown) {
    const trip = this.ours() - sent;
    this.#readings = [...this.#readings, { offset: shown - (sent + trip / 2), trip }].slice(-KEPT);
  }

  get known() {
    return this.#readings.length > 0;
  }

  /** The best of the readings was this long under way, in milliseconds: the error is at most half of it. */
  get trip() {
    return this.#best?.trip ?? Infinity;
  }

  /** What the server's clock shows now. */
  now() {
    return this.ours() + (this.#best?.offset ?? 0);
  }

  /** Another connection may lead to a server whose clock started anew. */
  forget() {
    this.#readings = [];
  }

  get #best() {
    return this.#readings.reduce(
      (best, one) => (best && best.trip < one.trip ? best : one),
      /** @type {{offset: number, trip: number} | undefined} */ (undefined),
    );
  }
}
