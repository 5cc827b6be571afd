import { tell } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";
import {
  clamp, clampScroll, closestScale, contentWidth, fittedScale, follow, resized, secondsAt, xAt, zoomAround,
} from "./geometry.js";
import { watchGestures } from "./waveform-gestures.js";
import { keyTarget, keyZoom } from "./waveform-keys.js";
import { RangeBand } from "./waveform-range.js";

/**
 * @typedef {import("./geometry.js").View} View
 * @typedef {import("../kit/contract.js").Range} Range
 * @typedef {Record<"scroller" | "space" | "overlay" | "hover" | "hoverTime", HTMLElement>} PaneParts
 */

/** After a scroll by hand the window does not run after the play head for so long. */
const HANDS_OFF = 4000;

/**
 * A window on music, to move in and to point into by mouse, finger and keys; while it plays, the window turns the page.
 * What is seen in it is up to `<waveform-view>` and `<compare-lanes>`, which extend it.
 *
 * Down: `time`, `playing`, `range`, `armed`, `zoom(factor)`, `bringIntoView(seconds)`. Up (bubbling, in `detail`):
 * `waveform-seek` {at}, `waveform-range` {range, ended}.
 *
 * @template {PaneParts} Parts
 */
export class MusicPane extends HTMLElement {
  /** @protected */
  scope = new Scope();
  /** @protected @type {View} */
  view = { duration: 0, width: 0, scale: 1, scroll: 0 };
  /** Room that the time under the mouse needs to its right, in pixels. @protected */
  hoverRoom = 60;
  #band;
  #time = 0;
  #frame = 0;
  #armed = false;
  #scrolledByHandAt = -HANDS_OFF;
  playing = false;

  /** @param {Parts} parts */
  constructor(parts) {
    super();
    this.parts = parts;
    this.#band = new RangeBand(parts.overlay);
  }

  connectedCallback() {
    const { scroller } = this.parts;
    const scope = (this.scope = new Scope());
    const observer = new ResizeObserver(() => this.#measure());
    observer.observe(scroller);
    scope.observe(observer);
    scope.on(scroller, "scroll", () => this.#scrolled());
    scope.on(scroller, "keydown", (event) => this.#pressed(event));
    scope.on(matchMedia("(prefers-color-scheme: dark)"), "change", () => this.redraw());
    watchGestures(scroller, this.#hand(), scope);
    this.#measure();
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.scope.dispose();
  }

  get time() {
    return this.#time;
  }

  set time(seconds) {
    this.#time = seconds;
    this.placeHead();
    if (!this.playing || performance.now() - this.#scrolledByHandAt < HANDS_OFF) return;
    const scroll = follow(this.view, seconds);
    if (scroll !== this.view.scroll) this.#show({ ...this.view, scroll });
  }

  /** @returns {Range | null} */
  get range() {
    return this.#band.range;
  }

  set range(range) {
    this.#band.range = range;
    this.#band.place(this.view);
  }

  get armed() {
    return this.#armed;
  }

  /** The next drag marks a range, with a finger too. */
  set armed(armed) {
    this.#armed = armed;
    this.classList.toggle("armed", armed);
  }

  /** @param {number} factor 1 and more comes closer; 0 shows all of it @param {number} [x] */
  zoom(factor, x = clamp(xAt(this.view, this.#time), 0, this.view.width)) {
    const closest = closestScale(this.view.duration, this.view.width, this.pairsPerSecond);
    this.#show(zoomAround(this.view, factor, x, closest));
  }

  /** Moves the window to this second unless it shows it already. @param {number} seconds */
  bringIntoView(seconds) {
    const x = xAt(this.view, seconds);
    if (x < 0 || x > this.view.width) this.centre(seconds);
  }

  /** @protected @param {number} seconds */
  centre(seconds) {
    this.#show({ ...this.view, scroll: this.view.scroll + xAt(this.view, seconds) - this.view.width / 2 });
  }

  /** Of the finest peaks there are to look at. @protected */
  get pairsPerSecond() {
    return 0;
  }

  /** The time as it is written under the mouse. @protected @param {number} _seconds */
  spelled(_seconds) {
    return "";
  }

  /** Puts whatever lies on the music where the window shows it. @protected */
  place() {}

  /** The play head, at `time`. @protected */
  placeHead() {}

  /** Paints the music in the window. @protected */
  draw() {}

  /** Other music, all of it. @protected @param {number} duration seconds */
  fit(duration) {
    // Who was hidden until now has its width at once, and from the observer only with the next frame.
    const width = this.parts.scroller.clientWidth || this.view.width;
    this.view = { duration, width, scale: fittedScale(duration, width), scroll: 0 };
    this.parts.scroller.setAttribute("aria-valuemax", String(Math.ceil(duration)));
    this.#layOut();
  }

  /** @protected */
  redraw() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.drawNow());
  }

  /** @protected */
  drawNow() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.draw();
  }

  get #zoomed() {
    return contentWidth(this.view) > this.view.width + 1;
  }

  /** @returns {import("./waveform-gestures.js").Hand} */
  #hand() {
    return {
      zoomed: () => this.#zoomed,
      armed: () => this.#armed,
      hover: (x) => this.#hovered(x),
      tap: (x) => tell(this, "waveform-seek", { at: secondsAt(this.view, x) }),
      drag: (from, to, ended) => this.#dragged(from, to, ended),
      zoom: (factor, x) => this.zoom(factor, x),
    };
  }

  /** @param {number} from @param {number} to @param {boolean} ended */
  #dragged(from, to, ended) {
    const [start = 0, end = 0] = [secondsAt(this.view, from), secondsAt(this.view, to)].sort((a, b) => a - b);
    this.#band.range = { start, end };
    this.#band.place(this.view);
    if (ended) this.armed = false;
    tell(this, "waveform-range", { range: { start, end }, ended });
  }

  /** @param {number | null} x */
  #hovered(x) {
    const { hover, hoverTime } = this.parts;
    hover.hidden = x === null || !this.view.duration;
    if (x === null) return;
    const within = clamp(x, 0, this.view.width);
    hover.style.transform = `translateX(${Math.round(within)}px)`;
    hover.classList.toggle("near-end", within > this.view.width - this.hoverRoom);
    hoverTime.textContent = this.spelled(secondsAt(this.view, within));
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = keyTarget(event, this.#time, this.view.duration);
    const factor = keyZoom(event);
    if (target === undefined && factor === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (factor !== undefined) this.zoom(factor);
    else tell(this, "waveform-seek", { at: target });
  }

  #measure() {
    const width = this.parts.scroller.clientWidth;
    if (!width) return;
    if (width !== this.view.width) this.view = resized(this.view, width);
    this.#layOut();
    this.redraw();
  }

  /** @param {View} view */
  #show(view) {
    this.view = { ...view, scroll: clampScroll(view, view.scroll) };
    this.#layOut();
    this.redraw();
  }

  #layOut() {
    const { space, scroller } = this.parts;
    space.style.width = `${contentWidth(this.view)}px`;
    if (Math.abs(scroller.scrollLeft - this.view.scroll) > 1) scroller.scrollLeft = this.view.scroll;
    this.view.scroll = scroller.scrollLeft;
    this.classList.toggle("zoomed", this.#zoomed);
    this.#placeAll();
  }

  #scrolled() {
    const { scrollLeft } = this.parts.scroller;
    if (scrollLeft === this.view.scroll) return;
    this.#scrolledByHandAt = performance.now();
    this.view.scroll = scrollLeft;
    this.#placeAll();
    this.redraw();
  }

  #placeAll() {
    this.placeHead();
    this.#band.place(this.view);
    this.place();
  }
}
