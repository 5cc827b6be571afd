import { requestFile } from "../kit/api.js";
import { AbLoop, fetchClip } from "./ab-loop.js";
import { AbStream } from "./ab-stream.js";
import { axisSide, heardIn, piecesOf, sidesIn } from "./loop-pieces.js";

/**
 * What is heard of two versions: a range as a loop, to the sample; the whole song as two streams.
 *
 * @typedef {import("../kit/contract.js").Version} Version
 * @typedef {import("../kit/contract.js").Range} Range
 * @typedef {import("./music-axis.js").Side} Side
 * @typedef {import("./music-axis.js").MusicAxis} MusicAxis
 * @typedef {import("./ab-loop.js").LoopSide} LoopSide
 * @typedef {{versions: Record<Side, Version>, axis: MusicAxis, gains: Record<Side, number>}} Pair
 * @typedef {{changed(): void, time(): void, trouble(sentence: string): void}} PlayerListener
 */

/** A longer range is played from the streams: nobody waits for minutes of clips. */
export const LONGEST_LOOP = 60;
/** Shorter than this is a slip of the hand. */
const SHORTEST_LOOP = 0.3;

export class AbPlayer {
  /** @type {Pair | null} */
  #pair = null;
  /** @type {AbStream | null} */
  #stream = null;
  /** @type {AbLoop | null} */
  #loop = null;
  /** @type {AbLoop | null} of the range before, as long as this one is being fetched */
  #leaving = null;
  /** @type {Range | null} */
  #range = null;
  /** @type {LoopSide} */
  #side = "a";
  #at = 0;
  #equal = true;
  #frame = 0;
  #starting = 0;
  loading = false;
  /** The side that was switched to is not here yet; the other one goes on. */
  fetching = false;
  /** @type {number | null} how loud what changed in the range is beside B, dB; null before it was fetched */
  residualDb = null;

  /** @param {PlayerListener} listener */
  constructor(listener) {
    this.listener = listener;
  }

  /** Two other versions, or the same ones the other way round. @param {Pair} pair */
  load(pair) {
    this.stop();
    this.#stream?.close();
    this.#pair = pair;
    this.#stream = null;
    this.#loop = null;
    this.#range = null;
    this.#at = 0;
    if (this.#side === "changed") this.#side = "a";
    this.listener.changed();
  }

  get side() {
    return this.#side;
  }

  get playing() {
    return this.loading || (this.#loop?.playing ?? this.#stream?.playing ?? false);
  }

  /** Where the music is, on the axis. */
  get position() {
    if (this.#loop?.playing && this.#pair) return this.#pair.axis.toMusic(axisSide(this.#loop.side), this.#loop.position);
    return this.#stream?.playing ? this.#stream.position : this.#at;
  }

  get equal() {
    return this.#equal;
  }

  set equal(equal) {
    this.#equal = equal;
    if (this.#loop) this.#loop.equal = equal;
    if (this.#stream) this.#stream.equal = equal;
    this.listener.changed();
  }

  get range() {
    return this.#range;
  }

  /** On the axis; null plays the whole song. @param {Range | null} range */
  set range(range) {
    const { playing, position } = this;
    this.#at = position;
    this.#leave();
    this.residualDb = null;
    this.#range = range && range.end - range.start >= SHORTEST_LOOP ? range : null;
    if (!this.#range && this.#side === "changed") this.#side = "a";
    if (this.#range) {
      this.#at = this.#range.start;
      this.#side = heardIn(this.#side, this.#pair?.axis, this.#range);
    }
    this.listener.changed();
    this.listener.time();
    if (playing) this.play();
  }

  /** The sides that have something in the range, or in the whole song. */
  get sides() {
    return sidesIn(this.#pair?.axis, this.#range);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  async play() {
    const pair = this.#pair;
    if (!pair) return;
    const starting = ++this.#starting;
    if (!this.#loops) return this.#playStream(pair);
    const loop = (this.#loop ??= this.#newLoop(pair));
    this.loading = true;
    this.listener.changed();
    try {
      await loop.start(this.#side, this.#secondIn(loop));
    } catch (error) {
      if (starting === this.#starting) this.#refused(error);
    }
    if (starting !== this.#starting) return void (loop !== this.#leaving && loop.stop());
    this.loading = false;
    this.#arrive();
    this.#stream?.pause();
    this.#run();
  }

  pause() {
    this.#at = this.position;
    this.stop();
    this.listener.changed();
  }

  stop() {
    this.#starting += 1;
    this.loading = false;
    this.#loop?.stop();
    this.#stream?.pause();
    this.#arrive();
    cancelAnimationFrame(this.#frame);
  }

  /** What sounds goes on until what was chosen is there. */
  #leave() {
    this.#starting += 1;
    this.loading = false;
    if (this.#loop?.playing) {
      this.#arrive();
      this.#leaving = this.#loop;
    }
    this.#loop = null;
  }

  #arrive() {
    this.#leaving?.stop();
    this.#leaving = null;
  }

  /** @param {number} music */
  seek(music) {
    const at = Math.min(Math.max(0, music), this.#pair?.axis.length ?? 0);
    // Who points beside the range wants to hear what is there.
    if (this.#range && (at < this.#range.start || at >= this.#range.end)) this.range = null;
    this.#at = at;
    if (this.#loop?.playing) this.#loop.start(this.#side, this.#secondIn(this.#loop)).catch((error) => this.#refused(error));
    this.#stream?.seek(this.#at);
    this.listener.time();
    this.listener.changed();
  }

  /** @param {LoopSide} side */
  async switchTo(side) {
    if (side === "changed" ? !this.#loops : !this.sides.includes(side)) return;
    const before = this.#side;
    this.#side = side;
    this.fetching = true;
    this.listener.changed();
    try {
      if (this.#loop) await this.#loop.switchTo(side);
      else if (side !== "changed") await this.#stream?.switchTo(side);
    } catch (error) {
      this.#side = before;
      this.listener.trouble(sentenceOf(error));
    }
    this.fetching = false;
    this.listener.changed();
  }

  /** From one version to the other. */
  other() {
    const other = this.#side === "a" ? "b" : "a";
    return this.switchTo(other);
  }

  close() {
    this.stop();
    this.#stream?.close();
  }

  get #loops() {
    return this.#range !== null && this.#range.end - this.#range.start <= LONGEST_LOOP;
  }

  /** @param {Pair} pair */
  #playStream(pair) {
    this.#stream ??= this.#newStream(pair);
    this.#stream.range = this.#range;
    const side = axisSide(this.#side);
    if (this.#stream.side !== side) this.#stream.switchTo(side);
    this.#stream.seek(this.#at);
    this.#stream.play();
    this.#arrive();
    this.#run();
  }

  /** @param {Pair} pair */
  #newStream({ versions, axis, gains }) {
    const listener = {
      changed: () => {
        if (this.#stream && !this.#stream.playing) this.#at = this.#stream.position;
        this.listener.changed();
      },
      trouble: (/** @type {string} */ sentence) => this.#troubled(sentence),
    };
    const stream = new AbStream(versions, axis, gains, listener);
    stream.equal = this.#equal;
    return stream;
  }

  /** @param {Pair} pair */
  #newLoop(pair) {
    const pieces = piecesOf(pair, this.#range ?? { start: 0, end: 0 });
    const loop = new AbLoop(pieces, { places: pair.axis, load: (piece) => this.#fetched(piece) });
    loop.equal = this.#equal;
    return loop;
  }

  /** @param {import("./ab-loop.js").LoopPiece} piece */
  async #fetched(piece) {
    if (!piece.address) return fetchClip(piece);
    const { headers, bytes } = await requestFile(piece.address);
    const below = Number(headers.get("x-residual-db") ?? Number.NaN);
    this.residualDb = Number.isFinite(below) ? below : null;
    return bytes;
  }

  /** @param {AbLoop} loop */
  #secondIn(loop) {
    const side = axisSide(this.#side);
    const piece = loop.pieces[side];
    const second = this.#pair?.axis.toSide(side, this.#at) ?? 0;
    return piece ? Math.min(Math.max(second, piece.start), piece.end) : second;
  }

  #run() {
    cancelAnimationFrame(this.#frame);
    this.listener.changed();
    const step = () => {
      this.listener.time();
      if (this.playing) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  /** @param {unknown} error */
  #refused(error) {
    this.#troubled(sentenceOf(error));
  }

  /** @param {string} sentence */
  #troubled(sentence) {
    this.stop();
    this.#stream?.close();
    // The next try begins with fresh files, and not with what cannot be had.
    if (this.#side === "changed") this.#side = "a";
    this.#stream = null;
    this.#loop = null;
    this.listener.trouble(sentence);
    this.listener.changed();
  }
}

/** @param {unknown} error */
const sentenceOf = (error) => (error instanceof Error ? error.message : "The sound could not be loaded. Try again.");
