import { renditionsHere } from "../listening/renditions-here.js";

/** @typedef {import("../kit/contract.js").Version} Version */

/** One whole version as a stream, behind a fade and a level. */
export class StreamDeck {
  audio = new Audio();
  /** @type {import("../kit/contract.js").Rendition[]} not yet tried, best first */
  #choices;
  #wanted = 0;
  #failed = false;

  /**
   * @param {Version} version @param {AudioContext} context
   * @param {() => void} onFailed none of its files could be played
   */
  constructor(version, context, onFailed) {
    this.version = version;
    this.context = context;
    this.onFailed = onFailed;
    this.#choices = placeable(version, renditionsHere(version.audio));
    this.fade = context.createGain();
    this.level = context.createGain();
    this.fade.gain.value = 0;
    context.createMediaElementSource(this.audio).connect(this.fade).connect(this.level).connect(context.destination);
    // B follows A's pace while nobody hears it; keeping its pitch would only cost.
    this.audio.preservesPitch = false;
    this.audio.addEventListener("error", () => this.#next());
    this.audio.addEventListener("loadedmetadata", () => (this.audio.currentTime = this.#wanted));
    this.#next();
  }

  get time() {
    return this.audio.readyState ? this.audio.currentTime : this.#wanted;
  }

  get failed() {
    return this.#failed;
  }

  /** @param {number} seconds */
  seek(seconds) {
    this.#wanted = Math.max(0, seconds);
    if (this.audio.readyState) this.audio.currentTime = this.#wanted;
  }

  /** Resolves once it plays, or cannot. */
  async play() {
    await this.audio.play().catch(() => {});
  }

  /** Resolves once it can play on from where it is, or after a while anyway. @param {number} [patience] ms */
  settled(patience = 4000) {
    const { audio } = this;
    if (!audio.seeking && audio.readyState >= 3) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        if (audio.seeking || audio.readyState < 3) return;
        stop();
      };
      const stop = () => {
        clearTimeout(timer);
        for (const type of ["seeked", "canplay", "playing", "error"]) audio.removeEventListener(type, done);
        resolve(undefined);
      };
      const timer = setTimeout(stop, patience);
      for (const type of ["seeked", "canplay", "playing", "error"]) audio.addEventListener(type, done);
    });
  }

  /** @param {number} to 0 or 1 @param {number} seconds */
  fadeTo(to, seconds) {
    const now = this.context.currentTime;
    const { gain } = this.fade;
    gain.cancelScheduledValues(now);
    gain.setValueAtTime(gain.value, now);
    gain.linearRampToValueAtTime(to, now + seconds);
  }

  close() {
    this.audio.pause();
    this.audio.removeAttribute("src");
    this.audio.load();
    this.level.disconnect();
  }

  #next() {
    const choice = this.#choices.shift();
    if (choice) {
      this.#wanted = this.time;
      this.audio.src = `/api/versions/${this.version.id}/audio?as=${choice}`;
    } else if (!this.#failed) {
      this.#failed = true;
      this.onFailed();
    }
  }
}

/**
 * A jump in an MP3 or a bare AAC stream lands where the browser guesses; what has an index comes first.
 * @param {Version} version @param {import("../kit/contract.js").Rendition[]} choices
 */
function placeable({ file_name }, choices) {
  if (!/\.(mp3|aac|adts)$/i.test(file_name)) return choices;
  return [...choices.filter((choice) => choice !== "original"), ...choices.filter((choice) => choice === "original")];
}
