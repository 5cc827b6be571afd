import { loopTarget } from "./playback.js";
import { renditionsHere } from "./renditions-here.js";

/**
 * @typedef {import("../kit/contract.js").Version} Version
 * @typedef {import("../kit/contract.js").Rendition} Rendition
 * @typedef {import("../kit/contract.js").Range} Range
 * @typedef {{
 *   time(): void, state(): void, trouble(sentence: string): void,
 * }} DeckListener
 */

const TROUBLE = "The sound could not be loaded. Check your connection and try again.";

/** The one audio element: which file it plays, where it is, and the loop. */
export class AudioDeck {
  /** @type {Version | null} */
  #version = null;
  /** @type {Rendition[]} not yet tried, best first */
  #choices = [];
  /** @type {number | null} where to be once the file tells its length */
  #wanted = null;
  #wantsToPlay = false;
  #before = 0;
  #frame = 0;
  /** @type {Range | null} */
  range = null;
  looping = false;
  /** The browser plays nothing before the visitor has touched the page. */
  blocked = false;

  /**
   * @param {HTMLAudioElement} audio
   * @param {DeckListener} listener
   * @param {import("../kit/scope.js").Scope} scope
   */
  constructor(audio, listener, scope) {
    this.audio = audio;
    this.listener = listener;
    scope.on(audio, "loadedmetadata", () => this.#settle());
    scope.on(audio, "timeupdate", () => this.#tick());
    scope.on(audio, "seeked", () => this.#tick());
    scope.on(audio, "play", () => this.#playing());
    scope.on(audio, "pause", () => this.listener.state());
    scope.on(audio, "ended", () => this.#ended());
    scope.on(audio, "error", () => this.#failed());
    scope.add(() => cancelAnimationFrame(this.#frame));
  }

  get time() {
    return this.#wanted ?? this.audio.currentTime;
  }

  get playing() {
    return this.#wantsToPlay || !this.audio.paused;
  }

  get loadable() {
    return (this.#version?.audio.length ?? 0) > 0;
  }

  /** Changes to another version at the same time of the clock. @param {Version | null} version */
  load(version) {
    const [at, playing] = [this.time, this.playing];
    this.#version = version;
    this.#choices = renditionsHere(version?.audio ?? []);
    this.#wanted = Math.min(at, version?.duration ?? at);
    this.#wantsToPlay = playing && this.#choices.length > 0;
    this.#next();
  }

  /**
   * The same version with news: a first file is taken at once, a better one only where nobody hears it.
   * @param {Version} version
   */
  update(version) {
    const known = this.#version?.audio.join() === version.audio.join();
    this.#version = version;
    if (known || this.playing || (this.audio.hasAttribute("src") && this.time > 0)) return;
    this.#choices = renditionsHere(version.audio);
    this.#wanted = this.time;
    this.#next();
  }

  /** Tries everything again from where it was. */
  retry() {
    this.#choices = renditionsHere(this.#version?.audio ?? []);
    this.#wanted = this.time;
    this.#wantsToPlay = true;
    this.#next();
  }

  /** @param {number} seconds */
  seek(seconds) {
    const end = this.#version?.duration ?? seconds;
    const at = Math.min(Math.max(0, seconds), end);
    this.#before = at;
    // Between a file's first facts and word of them, too, the last wish counts.
    if (this.#wanted !== null || this.audio.readyState === 0) this.#wanted = at;
    else this.audio.currentTime = at;
    this.listener.time();
    this.listener.state();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    if (!this.loadable) return;
    this.#wantsToPlay = true;
    // Refused without a gesture, or cut short by the next load: the button shows that it is paused.
    this.audio.play().catch((error) => this.#settleState(error));
  }

  pause() {
    this.#wantsToPlay = false;
    this.audio.pause();
    this.listener.state();
  }

  /** @param {boolean} looping @param {Range | null} range */
  loop(looping, range) {
    this.looping = looping;
    this.range = range;
    this.audio.loop = looping && !range;
  }

  #next() {
    const [choice, ...rest] = this.#choices;
    this.#choices = rest;
    if (choice && this.#version) this.audio.src = `/api/versions/${this.#version.id}/audio?as=${choice}`;
    else this.audio.removeAttribute("src");
    this.audio.load();
    if (this.#wantsToPlay) this.play();
    this.listener.trouble("");
    this.listener.time();
    this.listener.state();
  }

  #settle() {
    if (this.#wanted !== null) this.audio.currentTime = Math.min(this.#wanted, this.audio.duration || this.#wanted);
    this.#before = this.audio.currentTime;
    this.#wanted = null;
    this.#tick();
  }

  /** @param {DOMException} error */
  #settleState(error) {
    this.blocked = error.name === "NotAllowedError";
    this.#wantsToPlay = false;
    this.listener.state();
  }

  #playing() {
    this.blocked = false;
    this.#wantsToPlay = false;
    this.listener.state();
    cancelAnimationFrame(this.#frame);
    const step = () => {
      this.#tick();
      if (!this.audio.paused) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  #tick() {
    const now = this.time;
    const target = this.looping && !this.audio.paused ? loopTarget(this.#before, now, this.range) : null;
    if (target !== null) this.audio.currentTime = target;
    this.#before = target ?? now;
    this.listener.time();
  }

  /** A range that reaches the end of the song stops there before the loop can see it crossed. */
  #ended() {
    if (!this.looping || !this.range) return this.listener.state();
    this.audio.currentTime = this.range.start;
    this.play();
  }

  #failed() {
    if (!this.audio.getAttribute("src")) return;
    if (this.#choices.length) {
      this.#wanted = this.time;
      return this.#next();
    }
    this.#wanted = this.time;
    this.#wantsToPlay = false;
    this.listener.state();
    this.listener.trouble(TROUBLE);
  }
}
