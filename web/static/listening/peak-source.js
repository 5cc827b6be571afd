import { levelFor } from "./geometry.js";
import { extent, loudest, pyramid, readHeader, readPairs } from "./peaks.js";

/** Pairs fetched at once of a fine level: about 24 s at 256 samples a pixel. */
const WINDOW = 4096;
/** A level with no more pairs than this comes whole. */
const WHOLE = 65_536;
/** What a recording has most of the time. Until the first answer says what this one has, one can look closer by it. */
const USUAL_RATE = 44_100;

/**
 * One version's peaks: an overview that comes first and always covers the song, and windows of finer
 * levels fetched as the listener zooms in.
 */
export class PeakSource {
  /** @type {{samplesPerPixel: number, pairs: Int8Array}[]} */
  #overview = [];
  /** @type {Map<string, Int8Array | "coming">} by `level:window` */
  #windows = new Map();
  #headerBytes = 24;
  #samples = 0;
  sampleRate = USUAL_RATE;
  /** What the tallest bar should be multiplied by: a quiet demo must not look like silence. */
  gain = 1;
  /** @type {() => void} called when finer peaks have come */
  onFiner = () => {};

  /**
   * @param {(zoom: number) => string} addressOf
   * @param {number[]} zooms samples per pixel, ascending
   * @param {typeof fetch} [load]
   */
  constructor(addressOf, zooms, load = (...args) => fetch(...args)) {
    this.addressOf = addressOf;
    this.zooms = zooms;
    this.load = load;
  }

  /** Fetches the coarsest level with enough pairs for `bars`. @param {number} duration @param {number} bars */
  async open(duration, bars) {
    const enough = (/** @type {number} */ samples) => (duration * USUAL_RATE) / samples >= bars;
    const zoom = Math.max(0, this.zooms.findLastIndex(enough));
    const buffer = await this.#fetched(zoom);
    const header = readHeader(buffer);
    this.#headerBytes = header.bytes;
    this.sampleRate = header.sampleRate;
    this.#samples = header.length * header.samplesPerPixel;
    this.#overview = pyramid(readPairs(buffer, header), header.samplesPerPixel);
    const tallest = loudest(this.#overview.at(-1)?.pairs ?? new Int8Array());
    this.gain = Math.min(4, 124 / Math.max(1, tallest));
  }

  get pairsPerSecond() {
    return this.sampleRate / (this.zooms[0] ?? 256);
  }

  /**
   * What to draw between two times at a scale: from the finest level that is here, the overview otherwise.
   * @param {number} start seconds @param {number} end seconds @param {number} scale pixels a second
   * @returns {(from: number, to: number) => [number, number]} extent of a stretch of seconds
   */
  reader(start, end, scale) {
    const base = this.#overview[0]?.samplesPerPixel ?? 0;
    const zoom = levelFor(this.zooms, this.sampleRate, scale);
    const wanted = this.zooms[zoom] ?? base;
    const fallback = (/** @type {number} */ from, /** @type {number} */ to) => this.#fromOverview(from, to);
    if (wanted >= base) return fallback;
    this.#want(zoom, start, end);
    return (from, to) => this.#fromWindows(zoom, wanted, from, to) ?? fallback(from, to);
  }

  /** @param {number} from @param {number} to @returns {[number, number]} */
  #fromOverview(from, to) {
    const samples = (to - from) * this.sampleRate;
    const level = this.#overview.findLast((each) => each.samplesPerPixel <= samples) ?? this.#overview[0];
    if (!level) return [0, 0];
    return extent(level.pairs, ...this.#pairsBetween(level.samplesPerPixel, from, to));
  }

  /** @param {number} zoom @param {number} samplesPerPixel @param {number} from @param {number} to */
  #fromWindows(zoom, samplesPerPixel, from, to) {
    const [first, end] = this.#pairsBetween(samplesPerPixel, from, to);
    const index = Math.floor(first / WINDOW);
    const pairs = this.#windows.get(`${zoom}:${index}`);
    if (!(pairs instanceof Int8Array)) return null;
    return extent(pairs, first - index * WINDOW, end - index * WINDOW);
  }

  /** @param {number} samplesPerPixel @param {number} from @param {number} to @returns {[number, number]} */
  #pairsBetween(samplesPerPixel, from, to) {
    const first = Math.floor((from * this.sampleRate) / samplesPerPixel + 1e-6);
    return [first, Math.max(first + 1, Math.floor((to * this.sampleRate) / samplesPerPixel + 1e-6))];
  }

  /** @param {number} zoom @param {number} start @param {number} end */
  #want(zoom, start, end) {
    const [first, last] = this.#pairsBetween(this.zooms[zoom] ?? 256, start, end);
    for (let index = Math.floor(first / WINDOW); index * WINDOW < last; index += 1) {
      const key = `${zoom}:${index}`;
      if (this.#windows.has(key) || index * WINDOW >= this.#length(zoom)) continue;
      this.#windows.set(key, "coming");
      this.#fetchWindow(zoom, index, key).catch(() => this.#windows.delete(key));
    }
  }

  /** @param {number} zoom */
  #length(zoom) {
    return Math.ceil(this.#samples / (this.zooms[zoom] ?? 256));
  }

  /** @param {number} zoom @param {number} index @param {string} key */
  async #fetchWindow(zoom, index, key) {
    if (this.#length(zoom) <= WHOLE) await this.#fetchWhole(zoom);
    else {
      const first = this.#headerBytes + index * WINDOW * 2;
      this.#windows.set(key, new Int8Array(await this.#fetched(zoom, first, first + WINDOW * 2 - 1)));
    }
    this.onFiner();
  }

  /** @param {number} zoom */
  async #fetchWhole(zoom) {
    const count = Math.ceil(this.#length(zoom) / WINDOW);
    for (let index = 0; index < count; index += 1) this.#windows.set(`${zoom}:${index}`, "coming");
    try {
      const buffer = await this.#fetched(zoom);
      const pairs = readPairs(buffer, readHeader(buffer));
      for (let index = 0; index < count; index += 1) {
        this.#windows.set(`${zoom}:${index}`, pairs.subarray(index * WINDOW * 2, (index + 1) * WINDOW * 2));
      }
    } catch (error) {
      for (let index = 0; index < count; index += 1) this.#windows.delete(`${zoom}:${index}`);
      throw error;
    }
  }

  /** @param {number} zoom @param {number} [first] byte @param {number} [last] byte */
  async #fetched(zoom, first, last) {
    const headers = first === undefined ? undefined : { range: `bytes=${first}-${last}` };
    const answer = await this.load(this.addressOf(zoom), { headers });
    if (!answer.ok) throw new Error(`The waveform could not be loaded (${answer.status}).`);
    const buffer = await answer.arrayBuffer();
    // A proxy that knows no ranges sends everything with 200.
    const cut = first !== undefined && answer.status !== 206;
    return cut ? buffer.slice(first, (last ?? 0) + 1) : buffer;
  }
}
