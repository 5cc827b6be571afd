import { clockTenths } from "../kit/clock.js";
import { tell } from "../kit/elements.js";
import { BAR_PITCH, secondsAt } from "./geometry.js";
import { MusicPane } from "./music-pane.js";
import { barsIn, paint } from "./waveform-drawing.js";
import { PlayHead } from "./waveform-head.js";
import { OtherHeads } from "./waveform-heads.js";
import { MarkerLane } from "./waveform-markers.js";
import { waveformParts } from "./waveform-parts.js";
import { Highlight } from "./waveform-range.js";
import { TimeScale } from "./waveform-scale.js";

/**
 * @typedef {import("./peak-source.js").PeakSource} PeakSource
 * @typedef {import("./waveform-markers.js").Marker} Marker
 * @typedef {import("../kit/contract.js").Range} Range
 * @typedef {import("../kit/contract.js").Here} Here
 */

/**
 * `<waveform-view>`: the song as a picture of its loudness, to look at, to move in and to point into.
 *
 * Down, beside what every pane has: `open(source, duration)`, `say(text)`, `markers`, `others`, `lit`, `highlight`.
 * Up: `waveform-marker` (the marker), `waveform-drawn` {milliseconds} from the arrival of the first peaks to their
 * being painted, `waveform-window` (the view) when it shows another part of the song.
 *
 * @extends {MusicPane<ReturnType<typeof waveformParts>>}
 */
export class WaveformView extends MusicPane {
  #head = new PlayHead(this.parts);
  #highlight = new Highlight(this.parts.highlight);
  #heads = new OtherHeads(this.parts.others);
  #markers = new MarkerLane(this.parts.lane);
  #scale = new TimeScale(this.parts.scale);
  /** @type {PeakSource | null} */
  #source = null;
  /** @type {PeakSource | null} */
  #opening = null;

  constructor() {
    super(waveformParts());
  }

  /** @override */
  connectedCallback() {
    const { pane, lane, scale, head } = this.parts;
    this.replaceChildren(pane, lane, scale, head);
    super.connectedCallback();
    this.scope.on(lane, "focusin", (event) => this.#reveal(event.target));
    this.scope.every(100, () => this.#heads.moving && this.#heads.place(this.view));
  }

  /**
   * Shows another recording; `source` is null while there are no peaks yet.
   * @param {PeakSource | null} source @param {number} duration seconds
   */
  async open(source, duration) {
    this.#source = null;
    this.#opening = source;
    this.fit(duration);
    this.drawNow();
    if (!source) return;
    await source.open(duration, Math.max(this.view.width, 320) / BAR_PITCH);
    // Another version was chosen while these peaks were on their way.
    if (this.#opening !== source) return;
    const arrived = performance.now();
    this.#source = source;
    source.onFiner = () => this.redraw();
    this.drawNow();
    tell(this, "waveform-drawn", { milliseconds: performance.now() - arrived });
  }

  /** What stands where the bars are not yet: a sentence, or nothing. @param {string} sentence */
  say(sentence) {
    this.parts.message.textContent = sentence;
  }

  /** @param {Range | null} range the stretch a comment is about, tinted while that comment is looked at */
  set highlight(range) {
    this.#highlight.range = range;
    this.#highlight.place(this.view);
  }

  /** @param {Marker[]} markers sorted by `at` */
  set markers(markers) {
    this.#markers.markers = markers;
    this.#markers.place(this.view);
  }

  /** @param {Here[]} others */
  set others(others) {
    this.#heads.others = others;
    this.#heads.place(this.view);
  }

  /** @param {string[]} ids */
  set lit(ids) {
    this.#markers.light(ids);
  }

  /** @override */
  get pairsPerSecond() {
    return this.#opening?.pairsPerSecond ?? 0;
  }

  /** @override @param {number} seconds */
  spelled(seconds) {
    return clockTenths(seconds);
  }

  /** @override */
  placeHead() {
    this.#head.place(this.view, this.time);
  }

  /** @override */
  place() {
    this.parts.stage.style.width = `${this.view.width}px`;
    for (const layer of [this.#highlight, this.#heads, this.#markers, this.#scale]) layer.place(this.view);
    tell(this, "waveform-window", { ...this.view });
  }

  /** @override */
  draw() {
    const { view } = this;
    const height = this.parts.scroller.clientHeight;
    const [start, end] = [secondsAt(view, 0), secondsAt(view, view.width)];
    const source = this.#source;
    const bars = source ? barsIn(view, height, source.reader(start, end, view.scale), source.gain) : [];
    const style = getComputedStyle(this);
    paint(this.parts.unplayed, view.width, height, bars, style.getPropertyValue("--wave"));
    paint(this.parts.played, view.width, height, bars, style.getPropertyValue("--wave-played"));
  }

  /** A marker reached with the Tab key may lie outside the window. @param {HTMLElement} marker */
  #reveal(marker) {
    this.bringIntoView(Number.parseFloat(marker.style.left) / this.view.scale);
  }
}

customElements.define("waveform-view", WaveformView);
