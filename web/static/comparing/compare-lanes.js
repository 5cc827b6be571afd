import { clockTenths, spokenClock } from "../kit/clock.js";
import { make, tell } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";
import {
  BAR_PITCH, clamp, clampScroll, closestScale, contentWidth, fittedScale, follow, resized, secondsAt, xAt, zoomAround,
} from "../listening/geometry.js";
import { watchGestures } from "../listening/waveform-gestures.js";
import { keyTarget, keyZoom } from "../listening/waveform-keys.js";
import { RangeBand } from "../listening/waveform-range.js";
import { paintLane, paintPicture, paintRibbon } from "./lane-drawing.js";
import { ribbonLabels, tickLabels } from "./lane-labels.js";
import { laneParts } from "./lane-parts.js";
import { MusicAxis } from "./music-axis.js";

/**
 * @typedef {import("../listening/geometry.js").View} View
 * @typedef {import("../listening/peak-source.js").PeakSource} PeakSource
 * @typedef {import("../kit/contract.js").Range} Range
 * @typedef {import("./music-axis.js").Side} Side
 * @typedef {import("./changes-in-time.js").Stretch} Stretch
 * @typedef {import("./picture.js").Row} Row
 * @typedef {{
 *   axis: MusicAxis, sources: Record<Side, PeakSource | null>, changes: Stretch[], rows: Row[], step: number,
 *   sentence: string,
 * }} Shown `sentence` says what the picture shows, to who cannot see it
 */

/** After a scroll by hand the window does not run after the play head for so long. */
const HANDS_OFF = 4000;

/**
 * `<compare-lanes>`: two versions, what became of the music between them, and the picture of more and less, all on one
 * axis that is scrolled and zoomed as one. Places are seconds on that axis.
 *
 * Down: `show(shown)`, `say(text)`, `time`, `playing`, `range`, `side`, `armed`, `zoom(factor)`, `titles`. Up: as
 * `<waveform-view>`, `waveform-seek` {at} and `waveform-range` {range, ended}.
 */
export class CompareLanes extends HTMLElement {
  #parts = laneParts();
  #band = new RangeBand(this.#parts.overlay);
  #scope = new Scope();
  /** @type {View} */
  #view = { duration: 0, width: 0, scale: 1, scroll: 0 };
  /** @type {Shown} */
  #shown = { axis: new MusicAxis([], { a: 0, b: 0 }), sources: { a: null, b: null }, changes: [], rows: [], step: 1, sentence: "" };
  #time = 0;
  #frame = 0;
  #armed = false;
  #scrolledByHandAt = -HANDS_OFF;
  playing = false;

  connectedCallback() {
    const { pane, scale, scroller } = this.#parts;
    this.replaceChildren(pane, scale);
    const scope = (this.#scope = new Scope());
    const observer = new ResizeObserver(() => this.#measure());
    observer.observe(pane);
    scope.observe(observer);
    scope.on(scroller, "scroll", () => this.#scrolled());
    scope.on(scroller, "keydown", (event) => this.#pressed(event));
    scope.on(matchMedia("(prefers-color-scheme: dark)"), "change", () => this.#redraw());
    watchGestures(scroller, this.#hand(), scope);
    this.#measure();
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#scope.dispose();
  }

  /** @param {Shown} shown */
  show(shown) {
    // They were hidden until now, and the observer of their width speaks up only with the next frame.
    const width = this.#parts.scroller.clientWidth || this.#view.width;
    const duration = shown.axis.length;
    this.#shown = shown;
    this.#view = { duration, width, scale: fittedScale(duration, width), scroll: 0 };
    this.classList.toggle("without-picture", !shown.rows.length);
    this.#parts.scroller.setAttribute("aria-valuemax", String(Math.ceil(duration)));
    this.#parts.picture.setAttribute("aria-label", shown.sentence);
    this.#parts.picture.style.setProperty("--rows", String(Math.max(1, shown.rows.length)));
    this.#parts.pictureLabels.replaceChildren(...shown.rows.map(({ label }) => make("span", { text: label })));
    for (const source of Object.values(shown.sources)) if (source) source.onFiner = () => this.#redraw();
    this.#layOut();
    this.#redraw();
  }

  /** Peaks have come. */
  refresh() {
    this.#redraw();
  }

  /** @param {{a: (Node | string)[], b: (Node | string)[]}} titles */
  set titles({ a, b }) {
    this.#parts.titleA.replaceChildren(...a);
    this.#parts.titleB.replaceChildren(...b);
  }

  /** What stands where the lanes are not yet: a sentence, or nothing. @param {string} sentence */
  say(sentence) {
    this.#parts.message.textContent = sentence;
  }

  /** Which one is heard. @param {Side} side */
  set side(side) {
    if (this.dataset.side === side) return;
    this.dataset.side = side;
    this.#redraw();
  }

  get time() {
    return this.#time;
  }

  set time(music) {
    this.#time = music;
    this.#placeHead();
    if (!this.playing || performance.now() - this.#scrolledByHandAt < HANDS_OFF) return;
    const scroll = follow(this.#view, music);
    if (scroll !== this.#view.scroll) this.#move({ ...this.#view, scroll });
  }

  /** @returns {Range | null} */
  get range() {
    return this.#band.range;
  }

  set range(range) {
    this.#band.range = range;
    this.#band.place(this.#view);
    if (range) this.#reveal(range);
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
    const pairs = Math.max(...Object.values(this.#shown.sources).map((source) => source?.pairsPerSecond ?? 0));
    this.#move(zoomAround(this.#view, factor, x, closestScale(this.#view.duration, this.#view.width, pairs)));
  }

  get #zoomed() {
    return contentWidth(this.#view) > this.#view.width + 1;
  }

  /** @returns {import("../listening/waveform-gestures.js").Hand} */
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
    this.#band.range = { start, end };
    this.#band.place(this.#view);
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
    hover.classList.toggle("near-end", within > this.#view.width - 140);
    hoverTime.textContent = this.#clocks(secondsAt(this.#view, within), clockTenths);
  }

  /** The same moment on both clocks. @param {number} music @param {(seconds: number) => string} spelled */
  #clocks(music, spelled) {
    const { axis } = this.#shown;
    const at = (/** @type {Side} */ side) => (axis.has(side, music) ? spelled(axis.toSide(side, music)) : "–");
    return `A ${at("a")} · B ${at("b")}`;
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

  /** @param {Range} range */
  #reveal({ start, end }) {
    const [left, right] = [xAt(this.#view, start), xAt(this.#view, end)];
    if (left >= 0 && right <= this.#view.width) return;
    this.#move({ ...this.#view, scroll: this.#view.scroll + (left + right - this.#view.width) / 2 });
  }

  #measure() {
    const width = this.#parts.scroller.clientWidth;
    if (!width) return;
    if (width !== this.#view.width) this.#view = resized(this.#view, width);
    this.#layOut();
    this.#redraw();
  }

  /** @param {View} view */
  #move(view) {
    this.#view = { ...view, scroll: clampScroll(view, view.scroll) };
    this.#layOut();
    this.#redraw();
  }

  #layOut() {
    const { space, scroller } = this.#parts;
    space.style.width = `${contentWidth(this.#view)}px`;
    this.classList.toggle("zoomed", this.#zoomed);
    if (Math.abs(scroller.scrollLeft - this.#view.scroll) > 1) scroller.scrollLeft = this.#view.scroll;
    this.#view.scroll = scroller.scrollLeft;
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
    this.#placeHead();
    this.#band.place(this.#view);
    this.#parts.scale.replaceChildren(...tickLabels(this.#view, this.#shown.axis));
    this.#parts.ribbonLabels.replaceChildren(...ribbonLabels(this.#view, this.#shown.changes));
  }

  #placeHead() {
    const { head, scroller } = this.#parts;
    const x = xAt(this.#view, this.#time);
    head.style.transform = `translateX(${Math.round(clamp(x, 0, this.#view.width - 2))}px)`;
    head.hidden = !this.#view.duration || x < -1 || x > this.#view.width + 1;
    const said = this.#clocks(this.#time, spokenClock).replace(" · ", ", ");
    if (scroller.getAttribute("aria-valuetext") === said) return;
    scroller.setAttribute("aria-valuenow", String(Math.floor(this.#time)));
    scroller.setAttribute("aria-valuetext", said);
  }

  #redraw() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#frame = 0;
    const { laneA, laneB, ribbonCanvas, pictureCanvas } = this.#parts;
    const { axis, sources, changes, rows, step } = this.#shown;
    const style = getComputedStyle(this);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
    const lane = (/** @type {Side} */ side) => colour(this.dataset.side === side ? `lane-${side}` : `lane-${side}-soft`);
    paintLane(laneA, this.#view, axis, "a", sources.a, lane("a"));
    paintLane(laneB, this.#view, axis, "b", sources.b, lane("b"));
    const kinds = ["same", "cut", "added", "moved", "stretched", "ink"];
    paintRibbon(ribbonCanvas, this.#view, changes, Object.fromEntries(kinds.map((kind) => [kind, colour(`ribbon-${kind}`)])));
    paintPicture(pictureCanvas, this.#view, axis, rows, step, { more: colour("more"), less: colour("less"), sign: colour("ink") });
  }

  /** How many bars the overview needs. */
  get bars() {
    return Math.max(this.#view.width, 320) / BAR_PITCH;
  }
}

customElements.define("compare-lanes", CompareLanes);
