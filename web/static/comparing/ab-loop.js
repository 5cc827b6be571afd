import { requestFile } from "../kit/api.js";
import { audioContext } from "./audio-context.js";
import { fromDecibels } from "./loudness.js";

/**
 * A piece of both versions, round and round, switched between at the same place in the music without a gap.
 *
 * Both are fetched as clips, to the sample, and scheduled by Web Audio, so what is heard does not depend on how busy
 * the page is. Two takes may differ in length; a switch therefore starts the other side anew at the place that
 * belongs to the one being heard.
 *
 * @typedef {"a" | "b" | "changed"} LoopSide `changed`: what only B has, as sound, along A
 * @typedef {{version?: string, address?: string, start: number, end: number, gainDb?: number}} LoopPiece seconds of
 *   a version, or any clip by its address; `gainDb` is what makes both equally loud (see loudness.js)
 * @typedef {{toMusic(side: "a" | "b", seconds: number): number, toSide(side: "a" | "b", music: number): number}} Places
 * @typedef {{buffer: AudioBuffer, level: GainNode}} Loaded
 * @typedef {{side: LoopSide, source: AudioBufferSourceNode, fade: GainNode, since: number, from: number}} Voice
 */

/** Both sides sound for so long when switched: too short to be heard as two, too long to click. */
const CROSSFADE = 0.012;
/** What is scheduled lies this far ahead, so that the sound thread has it in time. */
const AHEAD = 0.02;
/** The two ends of a clip meet; faded, they do not click. */
const SEAM = 0.003;

export class AbLoop {
  /** @type {Map<LoopSide, Promise<Loaded>>} */
  #loading = new Map();
  /** @type {Map<LoopSide, Loaded>} */
  #loaded = new Map();
  /** @type {Voice | null} */
  #voice = null;
  #busyUntil = 0;
  #wanted = 0;
  #equal = true;
  /** @type {GainNode | null} */
  #out = null;
  /** @type {LoopSide} */
  side = "a";

  /**
   * @param {Partial<Record<LoopSide, LoopPiece>>} pieces
   * @param {{context?: BaseAudioContext, load?: typeof fetchClip, places?: Places}} [options] `places` says which
   *   second of B is which of A (a MusicAxis does); without, the two pieces are laid evenly over one another
   */
  constructor(pieces, { context, load = fetchClip, places } = {}) {
    this.pieces = pieces;
    this.given = context;
    this.load = load;
    this.places = places;
  }

  /** @returns {BaseAudioContext} made late: browsers want a gesture first */
  get context() {
    return (this.given ??= audioContext());
  }

  /** Fetches both sides; rejects with a sentence for people where one cannot be had. */
  async ready() {
    await Promise.all((/** @type {LoopSide[]} */ (["a", "b"])).filter((side) => this.pieces[side]).map((side) => this.#fetched(side)));
  }

  /**
   * @param {LoopSide} [side]
   * @param {number} [at] seconds of that side's version; its beginning otherwise
   * @param {number} [when] seconds of the context's clock
   */
  async start(side = this.side, at, when) {
    const wanted = ++this.#wanted;
    await Promise.all([this.ready(), this.#fetched(side)]);
    await woken(this.context);
    if (wanted !== this.#wanted) return;
    this.#play(side, at ?? this.#piece(side).start, when);
  }

  /**
   * The other side from the same place in the music; what is heard goes on until it is there.
   * @param {LoopSide} side @param {number} [when] seconds of the context's clock
   */
  async switchTo(side, when) {
    const wanted = ++this.#wanted;
    if (!this.#loaded.has(side)) await this.#fetched(side);
    if (wanted !== this.#wanted) return;
    if (!this.#voice) this.side = side;
    else if (side !== this.#voice.side) this.#play(side, null, when);
  }

  /** The next of the sides there are. @param {number} [when] */
  toggle(when) {
    return this.switchTo(this.side === "a" && this.pieces.b ? "b" : this.pieces.a ? "a" : "b", when);
  }

  stop() {
    this.#wanted += 1;
    const voice = this.#voice;
    this.#voice = null;
    if (voice) this.#end(voice, Math.max(this.#soon(), this.#busyUntil));
  }

  get playing() {
    return this.#voice !== null;
  }

  /** Whether the louder side is turned down. */
  get equal() {
    return this.#equal;
  }

  set equal(equal) {
    this.#equal = equal;
    for (const [side, { level }] of this.#loaded) {
      level.gain.setTargetAtTime(this.#gain(side), this.context.currentTime, CROSSFADE);
    }
  }

  /** The second of the version that is heard now. */
  get position() {
    const voice = this.#voice;
    if (!voice) return this.#piece(this.side).start;
    return this.#positionAt(voice, Math.max(voice.since, this.context.currentTime - latency(this.context)));
  }

  /** @param {LoopSide} side @param {number | null} at seconds of that side; null for where the music is @param {number} [asked] */
  #play(side, at, asked) {
    const when = this.#onFrame(Math.max(asked ?? this.#soon(), this.#busyUntil));
    const before = this.#voice;
    const from = at ?? (before ? this.#same(before.side, side, this.#positionAt(before, when)) : this.#piece(side).start);
    const voice = this.#begin(side, from, when);
    if (this.context.currentTime > when) return this.#again(voice, side, at);
    this.#voice = voice;
    this.#busyUntil = when + CROSSFADE;
    this.side = side;
    if (before) this.#end(before, when);
  }

  /** A page that was held up for too long begins late, and would stay as late. @param {Voice} late @param {LoopSide} side @param {number | null} at */
  #again(late, side, at) {
    late.source.stop();
    late.fade.disconnect();
    this.#play(side, at);
  }

  /** @param {LoopSide} side @param {number} at @param {number} when @returns {Voice} */
  #begin(side, at, when) {
    const { buffer, level } = /** @type {Loaded} */ (this.#loaded.get(side));
    const length = buffer.duration;
    const from = this.#onFrame((((at - this.#piece(side).start) % length) + length) % length);
    const fade = this.context.createGain();
    fade.gain.setValueAtTime(0, when);
    fade.gain.linearRampToValueAtTime(1, when + CROSSFADE);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.loop = true;
    source.connect(fade).connect(level);
    source.start(when, from);
    return { side, source, fade, since: when, from };
  }

  /** Linear on both sides: of the same music the sum stays as loud as each. @param {Voice} voice @param {number} when */
  #end({ source, fade }, when) {
    fade.gain.setValueAtTime(1, when);
    fade.gain.linearRampToValueAtTime(0, when + CROSSFADE);
    source.stop(when + CROSSFADE);
    source.onended = () => fade.disconnect();
  }

  /** @param {Voice} voice @param {number} time of the context's clock */
  #positionAt({ side, since, from }, time) {
    const length = this.#loaded.get(side)?.buffer.duration ?? 1;
    return this.#piece(side).start + ((from + time - since) % length);
  }

  /** The same place in the music on another side. @param {LoopSide} from @param {LoopSide} to @param {number} seconds */
  #same(from, to, seconds) {
    const [one, other] = [from, to].map((side) => (side === "changed" ? "a" : side));
    if (one === other || !one || !other) return seconds;
    const [here, there] = [this.#piece(from), this.#piece(to)];
    const inside = this.places
      ? this.places.toSide(/** @type {"a" | "b"} */ (other), this.places.toMusic(/** @type {"a" | "b"} */ (one), seconds))
      : there.start + ((seconds - here.start) / (here.end - here.start)) * (there.end - there.start);
    return Math.min(Math.max(inside, there.start), there.end);
  }

  #soon() {
    return this.context.currentTime + AHEAD;
  }

  /** On a whole sample: between two the browser interpolates, which dulls one side. @param {number} seconds */
  #onFrame(seconds) {
    return Math.round(seconds * this.context.sampleRate) / this.context.sampleRate;
  }

  /** @param {LoopSide} side */
  #piece(side) {
    const piece = this.pieces[side];
    if (!piece) throw new Error(`there is no side ${side} here`);
    return piece;
  }

  /** @param {LoopSide} side */
  #gain(side) {
    return fromDecibels(this.#equal ? (this.#piece(side).gainDb ?? 0) : 0);
  }

  /** @param {LoopSide} side @returns {Promise<Loaded>} */
  #fetched(side) {
    const known = this.#loading.get(side);
    if (known) return known;
    const coming = this.#fetch(side);
    this.#loading.set(side, coming);
    // What failed can be asked for again.
    coming.catch(() => this.#loading.delete(side));
    return coming;
  }

  /** @param {LoopSide} side */
  async #fetch(side) {
    const bytes = await this.load(this.#piece(side));
    const buffer = await this.context.decodeAudioData(bytes);
    soften(buffer);
    const level = this.context.createGain();
    level.gain.value = this.#gain(side);
    level.connect(this.#output());
    const loaded = { buffer, level };
    this.#loaded.set(side, loaded);
    return loaded;
  }

  #output() {
    if (!this.#out) {
      this.#out = this.context.createGain();
      this.#out.connect(this.context.destination);
    }
    return this.#out;
  }
}

/** @param {LoopPiece} piece @returns {Promise<ArrayBuffer>} */
export async function fetchClip({ version, address, start, end }) {
  const query = new URLSearchParams({ start: start.toFixed(6), end: end.toFixed(6), format: "flac" });
  return (await requestFile(address ?? `/api/versions/${version}/clip?${query}`)).bytes;
}

/** @param {AudioBuffer} buffer */
function soften(buffer) {
  const frames = Math.min(Math.round(SEAM * buffer.sampleRate), Math.floor(buffer.length / 2));
  for (let channel = 0; channel < buffer.numberOfChannels; channel += 1) {
    const samples = buffer.getChannelData(channel);
    for (let index = 0; index < frames; index += 1) {
      const gain = index / frames;
      samples[index] = (samples[index] ?? 0) * gain;
      const last = buffer.length - 1 - index;
      samples[last] = (samples[last] ?? 0) * gain;
    }
  }
}

/** How long a sound takes from the context's clock to the ear. @param {BaseAudioContext} context */
function latency(context) {
  return "outputLatency" in context ? Number(context.outputLatency) || 0 : 0;
}

/** @param {BaseAudioContext} context */
async function woken(context) {
  if (context.state === "suspended" && "baseLatency" in context) await /** @type {AudioContext} */ (context).resume();
}
