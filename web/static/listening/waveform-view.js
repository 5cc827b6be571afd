import { clockTenths } from "../kit/clock.js";
import { tell } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";
import {
  BAR_PITCH, clamp, clampScroll, closestScale, contentWidth, fittedScale, follow, resized, secondsAt, xAt, zoomAround,
} from "./geometry.js";
import { barsIn, paint } from "./waveform-drawing.js";
import { watchGestures } from "./waveform-gestures.js";
import { PlayHead } from "./waveform-head.js";
import { OtherHeads } from "./waveform-heads.js";
import { keyTarget, keyZoom } from "./waveform-keys.js";
import { MarkerLane } from "./waveform-markers.js";
import { waveformParts } from "./waveform-parts.js";
import { Highlight, RangeBand } from "./waveform-range.js";
import { TimeScale } from "./waveform-scale.js";

/**
 * @typedef {import("./geometry.js").View} View
 * @typedef {import("./peak-source.js").PeakSource} PeakSource
 * @typedef {import("./waveform-markers.js").Marker} Marker
 * @typedef {import("../kit/contract.js").Range} Range
 * @typedef {import("../kit/contract.js").Here} Here
 */

/** After a scroll by hand the window does not run after the play head for so long. */
const HANDS_OFF = 4000;

/**
 * `<waveform-view>`: the song as a picture of its loudness, to look at, to move in and to point into.
 *
 * Down: `open(source, duration)`, `say(text)`, `time`, `playing`, `range`, `markers`, `others`, `lit`,
 * `highlight`, `armed`, `zoom(factor)`. Up (bubbling, in `detail`): `waveform-seek` {at}, `waveform-range`
 * {range, ended}, `waveform-marker` (the marker), `waveform-drawn` {milliseconds} from the arrival of the
 * first peaks to their being painted, `waveform-window` (the view) when it shows another part of the song.
 */
export class WaveformView extends HTMLElement {
  #parts = waveformParts();
  #head = new PlayHead(this.#parts);
  #highlight = new Highlight(this.#parts.highlight);
  #band = new RangeBand(this.#parts.overlay);
  #heads = new OtherHeads(this.#parts.others);
  #markers = new MarkerLane(this.#parts.lane);
  #scale = new TimeScale(this.#parts.scale);
  #scope = new Scope();
  /** @type {View} */
  #view = { duration: 0, width: 0, scale: 1, scroll: 0 };
  /** @type {PeakSource | null} */
  #source = null;
  /** @type {PeakSource | null} */
  #opening = null;
  #time = 0;
  #frame = 0;
  #height = 0;
  #armed = false;
  #scrolledByHandAt = -HANDS_OFF;
  playing = false;

  connectedCallback() {
    const { pane, lane, scale, head, scroller } = this.#parts;
    this.replaceChildren(pane, lane, scale, head);
    const scope = (this.#scope = new Scope());
    const observer = new ResizeObserver(() => this.#measure());
    observer.observe(scroller);
    scope.observe(observer);
    scope.on(scroller, "scroll", () => this.#scrolled());
    scope.on(scroller, "keydown", (event) => this.#pressed(event));
    scope.on(lane, "focusin", (event) => this.#reveal(event.target));
    scope.on(matchMedia("(prefers-color-scheme: dark)"), "change", () => this.#redraw());
    scope.every(100, () => this.#heads.moving && this.#heads.place(this.#view));
    watchGestures(scroller, this.#hand(), scope);
    this.#measure();
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#scope.dispose();
  }

  /**
   * Shows another recording; `source` is null while there are no peaks yet.
   * @param {PeakSource | null} source @param {number} duration seconds
   */
  async open(source, duration) {
    this.#source = null;
    const { width } = this.#view;
    this.#view = { duration, width, scale: fittedScale(duration, width), scroll: 0 };
    this.#parts.scroller.setAttribute("aria-valuemax", String(Math.ceil(duration)));
    this.#layOut();
    this.#draw();
    this.#opening = source;
    if (!source) return;
    await source.open(duration, Math.max(width, 320) / BAR_PITCH);
    // Another version was chosen while these peaks were on their way.
    if (this.#opening !== source) return;
    const arrived = performance.now();
    this.#source = source;
    source.onFiner = () => this.#redraw();
    this.#draw();
    tell(this, "waveform-drawn", { milliseconds: performance.now() - arrived });
  }

  /** What stands where the bars are not yet: a sentence, or nothing. @param {string} sentence */
  say(sentence) {
    this.#parts.message.textContent = sentence;
  }

  get time() {
    return this.#time;
  }

  set time(seconds) {
    this.#time = seconds;
    this.#head.place(this.#view, seconds);
    if (!this.playing || performance.now() - this.#scrolledByHandAt < HANDS_OFF) return;
    const scroll = follow(this.#view, seconds);
    if (scroll !== this.#view.scroll) this.#show({ ...this.#view, scroll });
  }

  /** @returns {Range | null} */
  get range() {
    return this.#band.range;
  }

  set range(range) {
    this.#band.range = range;
    this.#band.place(this.#view);
  }

  /** @param {Range | null} range the stretch a comment is about, tinted while that comment is looked at */
  set highlight(range) {
    this.#highlight.range = range;
    this.#highlight.place(this.#view);
  }

  /** @param {Marker[]} markers sorted by `at` */
  set markers(markers) {
    this.#markers.markers = markers;
    this.#markers.place(this.#view);
  }

  /** @param {Here[]} others */
  set others(others) {
    this.#heads.others = others;
    this.#heads.place(this.#view);
  }

  /** @param {string[]} ids */
  set lit(ids) {
    this.#markers.light(ids);
  }

  get armed() {
    return this.#armed;
  }

  /** The next drag marks a range, with a finger too. */
  set armed(armed) {
    this.#armed = armed;
    this.classList.toggle("armed", armed);
  }

  /** @param {number} factor 1 and more comes closer; 0 shows the whole song @param {number} [x] */
  zoom(factor, x = clamp(xAt(this.#view, this.#time), 0, this.#view.width)) {
    const closest = closestScale(this.#view.duration, this.#view.width, this.#opening?.pairsPerSecond ?? 0);
    this.#show(zoomAround(this.#view, factor, x, closest));
  }

  /** Moves the window to this second unless it shows it already. @param {number} seconds */
  bringIntoView(seconds) {
    const x = xAt(this.#view, seconds);
    if (x >= 0 && x <= this.#view.width) return;
    this.#show({ ...this.#view, scroll: this.#view.scroll + x - this.#view.width / 2 });
  }

  get #zoomed() {
    return contentWidth(this.#view) > this.#view.width + 1;
  }

  /** @returns {import("./waveform-gestures.js").Hand} */
  #hand() {
    return {
      zoomed: () => this.#zoomed,
      armed: () => this.#armed,
      hover: (x) => this.#hovered(x),
      tap: (x) => tell(this, "waveform-seek", { at: secondsAt(this.#view, x) }),
      drag: (from, to, ended) => this.#dragged(from, to, ended),
      zoom: (factor, x) => this.zoom(factor, x),
    };
  }

  /** @param {number} from @param {number} to @param {boolean} ended */
  #dragged(from, to, ended) {
    const [start = 0, end = 0] = [secondsAt(this.#view, from), secondsAt(this.#view, to)].sort((a, b) => a - b);
    this.range = { start, end };
    if (ended) this.armed = false;
    tell(this, "waveform-range", { range: { start, end }, ended });
  }

  /** @param {number | null} x */
  #hovered(x) {
    const { hover, hoverTime } = this.#parts;
    hover.hidden = x === null || !this.#view.duration;
    if (x === null) return;
    const within = clamp(x, 0, this.#view.width);
    hover.style.transform = `translateX(${Math.round(within)}px)`;
    hover.classList.toggle("near-end", within > this.#view.width - 60);
    hoverTime.textContent = clockTenths(secondsAt(this.#view, within));
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = keyTarget(event, this.#time, this.#view.duration);
    const factor = keyZoom(event);
    if (target === undefined && factor === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (factor !== undefined) this.zoom(factor);
    else tell(this, "waveform-seek", { at: target });
  }

  /** A marker reached with the Tab key may lie outside the window. @param {HTMLElement} marker */
  #reveal(marker) {
    const x = Number.parseFloat(marker.style.left) - this.#view.scroll;
    if (x >= 0 && x <= this.#view.width) return;
    this.#show({ ...this.#view, scroll: this.#view.scroll + x - this.#view.width / 2 });
  }

  #measure() {
    const { clientWidth: width, clientHeight: height } = this.#parts.scroller;
    if (!width || (width === this.#view.width && height === this.#height)) return;
    this.#height = height;
    this.#view = resized(this.#view, width);
    this.#layOut();
    this.#redraw();
  }

  /** @param {View} view */
  #show(view) {
    this.#view = { ...view, scroll: clampScroll(view, view.scroll) };
    this.#layOut();
    this.#redraw();
  }

  #layOut() {
    const { space, stage, scroller } = this.#parts;
    stage.style.width = `${this.#view.width}px`;
    space.style.width = `${contentWidth(this.#view)}px`;
    if (Math.abs(scroller.scrollLeft - this.#view.scroll) > 1) scroller.scrollLeft = this.#view.scroll;
    this.#view.scroll = scroller.scrollLeft;
    this.classList.toggle("zoomed", this.#zoomed);
    this.#placeAll();
  }

  #scrolled() {
    const { scrollLeft } = this.#parts.scroller;
    if (scrollLeft === this.#view.scroll) return;
    this.#scrolledByHandAt = performance.now();
    this.#view.scroll = scrollLeft;
    this.#placeAll();
    this.#redraw();
  }

  #placeAll() {
    this.#head.place(this.#view, this.#time);
    this.#highlight.place(this.#view);
    this.#band.place(this.#view);
    this.#heads.place(this.#view);
    this.#markers.place(this.#view);
    this.#scale.place(this.#view);
    tell(this, "waveform-window", { ...this.#view });
  }

  #redraw() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { width, scale } = this.#view;
    const style = getComputedStyle(this);
    const [start, end] = [secondsAt(this.#view, 0), secondsAt(this.#view, width)];
    const bars = this.#source
      ? barsIn(this.#view, this.#height, this.#source.reader(start, end, scale), this.#source.gain)
      : [];
    paint(this.#parts.unplayed, width, this.#height, bars, style.getPropertyValue("--wave"));
    paint(this.#parts.played, width, this.#height, bars, style.getPropertyValue("--wave-played"));
  }
}

customElements.define("waveform-view", WaveformView);
