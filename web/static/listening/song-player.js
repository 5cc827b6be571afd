import { clock, tenths } from "../kit/clock.js";
import { find, tell } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";
import { AudioDeck } from "./audio-deck.js";
import { announceSong, watchMediaKeys } from "./media-keys.js";
import { PeakSource } from "./peak-source.js";
import { describeProgress } from "./progress.js";
import { WaveformView } from "./waveform-view.js";

/**
 * @typedef {import("../kit/contract.js").Version} Version
 * @typedef {import("../kit/contract.js").Range} Range
 */

/**
 * `<song-player>`: one version at a time, its waveform, and the bar under it. The server draws the bar.
 *
 * Down: `load(version)`, `update(version)`, `seek`, `toggle`, `mark`, `range`. Up: `player-time`,
 * `player-state` (played, paused or jumped), `player-command` (asked to, by its listener), `player-range`.
 */
export class SongPlayer extends HTMLElement {
  #scope = new Scope();
  /** @type {AudioDeck | null} */
  #deck = null;
  /** @type {Version | null} */
  #version = null;
  #peaksOf = "";
  #shownTime = "";
  /** @type {number | null} */
  #markedFrom = null;

  connectedCallback() {
    const scope = (this.#scope = new Scope());
    const audio = find(this, "audio", HTMLAudioElement);
    audio.controls = false;
    const listener = {
      time: () => this.#timeChanged(),
      state: () => this.#stateChanged(),
      trouble: (/** @type {string} */ sentence) => this.#trouble(sentence),
    };
    this.#deck = new AudioDeck(audio, listener, scope);
    this.#wireButtons(scope);
    scope.on(this, "waveform-seek", ({ detail }) => this.seek(detail.at));
    scope.on(this, "waveform-range", ({ detail }) => this.#rangeDrawn(detail.range, detail.ended));
    watchMediaKeys(this, scope);
    if (this.#version) this.load(this.#version);
  }

  disconnectedCallback() {
    this.#scope.dispose();
  }

  get waveform() {
    return find(this, "waveform-view", WaveformView);
  }

  get deck() {
    if (!this.#deck) throw new Error("the player is not on the page");
    return this.#deck;
  }

  get time() {
    return this.deck.time;
  }

  get playing() {
    return this.deck.playing;
  }

  get range() {
    return this.waveform.range;
  }

  set range(range) {
    this.waveform.range = range;
    this.deck.loop(this.deck.looping, range);
    this.classList.toggle("has-range", range !== null);
    tell(this, "player-range", { range });
  }

  get marking() {
    return this.waveform.armed;
  }

  /** Another version, at the same second. @param {Version | null} version */
  load(version) {
    this.#version = version;
    this.#peaksOf = "";
    this.range = null;
    this.deck.load(version);
    this.#showVersion();
    if (version) announceSong(this.dataset.song ?? "", this.dataset.band ?? "", version);
  }

  /** News about the version on show. @param {Version} version */
  update(version) {
    this.#version = version;
    this.deck.update(version);
    this.#showVersion();
  }

  /** @param {number} seconds */
  seek(seconds) {
    tell(this, "player-command");
    this.deck.seek(seconds);
  }

  toggle() {
    tell(this, "player-command");
    this.deck.toggle();
  }

  toggleLoop() {
    this.deck.loop(!this.deck.looping, this.range);
    find(this, ".loop-button").setAttribute("aria-pressed", String(this.deck.looping));
    const { range } = this;
    if (this.deck.looping && range && (this.time < range.start || this.time >= range.end)) this.seek(range.start);
  }

  /** Once to begin a range at the play head, again to end it there; a drag in between does the same. */
  mark() {
    if (this.waveform.armed && this.#markedFrom !== null) return this.#endMark(this.#markedFrom);
    this.#markedFrom = this.time;
    this.waveform.armed = true;
    tell(this, "player-range", { range: this.range });
  }

  /** @param {number} from */
  #endMark(from) {
    this.stopMarking();
    const [start = 0, end = 0] = [from, this.time].sort((a, b) => a - b);
    if (end - start >= 0.1) this.range = { start, end };
  }

  stopMarking() {
    this.waveform.armed = false;
    this.#markedFrom = null;
    tell(this, "player-range", { range: this.range });
  }

  /** @param {Scope} scope */
  #wireButtons(scope) {
    const press = (/** @type {string} */ selector, /** @type {() => void} */ action) =>
      scope.on(find(this, selector), "click", action);
    press(".play-button", () => this.toggle());
    press(".loop-button", () => this.toggleLoop());
    press(".zoom-in", () => this.waveform.zoom(2));
    press(".zoom-out", () => this.waveform.zoom(0.5));
    press(".player-retry", () => this.deck.retry());
    press(".clear-range", () => (this.range = null));
  }

  /** @param {Range} range @param {boolean} ended */
  #rangeDrawn(range, ended) {
    if (!ended) return;
    this.#markedFrom = null;
    this.range = range;
    if (!this.playing) this.seek(range.start);
  }

  #showVersion() {
    const version = this.#version;
    const duration = version?.duration ?? 0;
    find(this, ".time-total").textContent = duration ? clock(duration) : "–:––";
    find(this, ".play-button", HTMLButtonElement).disabled = !this.deck.loadable;
    this.#showPeaks();
    const said = version ? describeProgress(version) : "";
    this.waveform.say(this.#peaksOf ? "" : said);
    find(this, ".version-progress").textContent = this.#peaksOf ? said : "";
    this.#timeChanged();
  }

  #showPeaks() {
    const version = this.#version;
    const ready = version?.zooms.length && version.duration;
    if (!version || !ready) return void this.waveform.open(null, version?.duration ?? 0);
    if (this.#peaksOf === version.id) return;
    this.#peaksOf = version.id;
    const source = new PeakSource((zoom) => `/api/versions/${version.id}/waveform.dat?zoom=${zoom}`, version.zooms);
    this.waveform.open(source, version.duration ?? 0).catch(() => {
      this.#peaksOf = "";
      this.waveform.say("The waveform could not be loaded. The music plays all the same.");
    });
  }

  #timeChanged() {
    const at = this.time;
    this.waveform.time = at;
    const shown = `${clock(at)}.${tenths(at)}`;
    if (shown !== this.#shownTime) {
      this.#shownTime = shown;
      find(this, ".time-whole").textContent = clock(at);
      find(this, ".tenths").textContent = `.${tenths(at)}`;
    }
    tell(this, "player-time");
  }

  #stateChanged() {
    const { playing } = this;
    this.waveform.playing = playing;
    this.classList.toggle("playing", playing);
    find(this, ".play-button").setAttribute("aria-label", playing ? "Pause" : "Play");
    tell(this, "player-state");
  }

  /** @param {string} sentence */
  #trouble(sentence) {
    find(this, ".player-trouble").hidden = !sentence;
    find(this, ".player-trouble-text").textContent = sentence;
  }
}

customElements.define("song-player", SongPlayer);
