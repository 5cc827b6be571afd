import { audioContext } from "./audio-context.js";
import { fromDecibels } from "./loudness.js";
import { StreamDeck } from "./stream-deck.js";

/**
 * Both whole songs at once, one of them heard: the other one is kept at the same place in the music, silent, so that a
 * switch is a short crossfade.
 *
 * @typedef {import("../kit/contract.js").Version} Version
 * @typedef {import("../kit/contract.js").Range} Range
 * @typedef {import("./music-axis.js").Side} Side
 * @typedef {import("./music-axis.js").MusicAxis} MusicAxis
 * @typedef {{changed(): void, trouble(sentence: string): void}} StreamListener
 */

const CROSSFADE = 0.03;
const FOLLOW_EVERY = 150;
/** Further off than this the silent side is moved, else it hurries or waits a little. */
const FAR_OFF = 0.25;
/** Close enough to be switched to as it is. */
const IN_STEP = 0.015;
const JUMPS = 4;

export class AbStream {
  /** @type {Record<Side, StreamDeck>} */
  #decks;
  #timer = 0;
  #playing = false;
  #equal = true;
  #wanted = 0;
  /** @type {Side} */
  side = "a";
  /** @type {Range | null} on the axis: round and round in here */
  range = null;

  /**
   * @param {Record<Side, Version>} versions
   * @param {MusicAxis} axis
   * @param {Record<Side, number>} gains dB
   * @param {StreamListener} listener
   */
  constructor(versions, axis, gains, listener) {
    this.axis = axis;
    this.gains = gains;
    this.listener = listener;
    const failed = (/** @type {Version} */ version) => () => {
      this.pause();
      listener.trouble(`The sound of v${version.number} could not be loaded. Check your connection and press play again.`);
    };
    const deck = (/** @type {Version} */ version) => new StreamDeck(version, audioContext(), failed(version));
    this.#decks = { a: deck(versions.a), b: deck(versions.b) };
    this.equal = true;
  }

  get playing() {
    return this.#playing;
  }

  /** Where the music is, on the axis. */
  get position() {
    return this.axis.toMusic(this.side, this.#heard.time);
  }

  get equal() {
    return this.#equal;
  }

  set equal(equal) {
    this.#equal = equal;
    const now = audioContext().currentTime;
    for (const side of /** @type {Side[]} */ (["a", "b"])) {
      this.#decks[side].level.gain.setTargetAtTime(fromDecibels(equal ? this.gains[side] : 0), now, 0.01);
    }
  }

  async play() {
    this.#playing = true;
    this.listener.changed();
    await audioContext().resume();
    if (!this.#playing) return;
    this.#heard.audio.playbackRate = 1;
    this.#heard.fadeTo(1, 0.01);
    this.#silent.fadeTo(0, 0.01);
    this.#silent.seek(this.#belonging());
    // Both at once, while the listener's gesture still counts: some phones allow no second one later.
    const silent = this.#silent.play();
    await this.#heard.play();
    await silent;
    if (this.#heard.audio.paused) return this.pause();
    clearInterval(this.#timer);
    this.#timer = window.setInterval(() => this.#follow(), FOLLOW_EVERY);
  }

  pause() {
    this.#playing = false;
    this.#wanted += 1;
    clearInterval(this.#timer);
    this.#decks.a.audio.pause();
    this.#decks.b.audio.pause();
    this.listener.changed();
  }

  /** @param {number} music a place on the axis */
  seek(music) {
    this.#heard.seek(this.axis.toSide(this.side, music));
    this.#silent.seek(this.axis.toSide(this.#other, music));
    this.listener.changed();
  }

  /** The other version from the same place in the music; the one that is heard goes on until it is there. @param {Side} side */
  async switchTo(side) {
    const wanted = ++this.#wanted;
    if (side === this.side) return;
    const music = this.position;
    if (!this.#playing) {
      this.side = side;
      this.#heard.seek(this.axis.toSide(side, music));
      return this.listener.changed();
    }
    await this.#bringInStep(wanted);
    if (wanted !== this.#wanted || !this.#playing || this.#silent.failed) return;
    const [next, last] = [this.#silent, this.#heard];
    next.audio.playbackRate = 1;
    next.fadeTo(1, CROSSFADE);
    last.fadeTo(0, CROSSFADE);
    this.side = side;
    this.listener.changed();
  }

  close() {
    this.pause();
    this.#decks.a.close();
    this.#decks.b.close();
  }

  /** Where the silent one belongs now. */
  #belonging() {
    return this.axis.toSide(this.#other, this.position);
  }

  /** Moves the silent one until what both play is the same music. @param {number} wanted */
  async #bringInStep(wanted) {
    let late = 0;
    for (let jumps = 0; ; jumps += 1) {
      await this.#silent.play();
      await this.#silent.settled();
      if (wanted !== this.#wanted) return;
      const off = this.#silent.time - this.#belonging();
      if (Math.abs(off) <= IN_STEP || jumps === JUMPS) return;
      // How long a jump takes here is learned from the one before.
      late -= jumps ? off : 0;
      this.#silent.audio.playbackRate = 1;
      this.#silent.seek(this.#belonging() + late);
    }
  }

  /** Keeps the silent one beside the one that is heard. */
  #follow() {
    if (this.#heard.audio.ended) return this.#ended();
    if (this.range && this.position >= this.range.end) this.seek(this.range.start);
    const { audio } = this.#silent;
    const music = this.position;
    const off = this.#silent.time - this.#belonging();
    if (!this.axis.has(this.#other, music)) audio.pause();
    else if (audio.paused || Math.abs(off) > FAR_OFF) this.#catchUp(off);
    else if (!audio.seeking) audio.playbackRate = this.#pace(music) * Math.min(1.06, Math.max(0.94, 1 - off));
  }

  /** @param {number} off seconds that the silent one is ahead */
  #catchUp(off) {
    if (Math.abs(off) > IN_STEP) this.#silent.seek(this.#belonging());
    this.#silent.play();
  }

  /** Seconds of the silent version for one of the other, here. @param {number} music */
  #pace(music) {
    const [there, here] = /** @type {[Side, Side]} */ ([this.#other, this.side]);
    const ahead = [music, music + 0.5].map((place) => [this.axis.toSide(there, place), this.axis.toSide(here, place)]);
    const run = (/** @type {number} */ which) => (ahead[1]?.[which] ?? 0) - (ahead[0]?.[which] ?? 0);
    const pace = run(0) / run(1);
    return pace > 0.7 && pace < 1.4 ? pace : 1;
  }

  #ended() {
    if (this.range) return this.seek(this.range.start);
    this.pause();
    this.seek(0);
  }

  get #heard() {
    return this.#decks[this.side];
  }

  get #silent() {
    return this.#decks[this.#other];
  }

  /** @returns {Side} */
  get #other() {
    return this.side === "a" ? "b" : "a";
  }
}
