import { clockTenths, spokenClock } from "../kit/clock.js";
import { make } from "../kit/elements.js";
import { BAR_PITCH, clamp, xAt } from "../listening/geometry.js";
import { MusicPane } from "../listening/music-pane.js";
import { paintLane, paintPicture, paintRibbon } from "./lane-drawing.js";
import { ribbonLabels, tickLabels } from "./lane-labels.js";
import { laneParts } from "./lane-parts.js";
import { MusicAxis } from "./music-axis.js";

/**
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

/**
 * `<compare-lanes>`: two versions, what became of the music between them, and the picture of more and less, all on one
 * axis that is scrolled and zoomed as one. Places are seconds on that axis.
 *
 * Down, beside what every pane has: `show(shown)`, `say(text)`, `side`, `titles`.
 *
 * @extends {MusicPane<ReturnType<typeof laneParts>>}
 */
export class CompareLanes extends MusicPane {
  /** It names both places. @override */
  hoverRoom = 140;
  /** @type {Shown} */
  #shown = { axis: new MusicAxis([], { a: 0, b: 0 }), sources: { a: null, b: null }, changes: [], rows: [], step: 1, sentence: "" };

  constructor() {
    super(laneParts());
  }

  /** @override */
  connectedCallback() {
    this.replaceChildren(this.parts.pane, this.parts.scale);
    super.connectedCallback();
  }

  /** @param {Shown} shown */
  show(shown) {
    this.#shown = shown;
    const { picture, pictureLabels } = this.parts;
    this.classList.toggle("without-picture", !shown.rows.length);
    picture.setAttribute("aria-label", shown.sentence);
    picture.style.setProperty("--rows", String(Math.max(1, shown.rows.length)));
    pictureLabels.replaceChildren(...shown.rows.map(({ label }) => make("span", { text: label })));
    for (const source of Object.values(shown.sources)) if (source) source.onFiner = () => this.redraw();
    this.fit(shown.axis.length);
    this.redraw();
  }

  /** Peaks have come. */
  refresh() {
    this.redraw();
  }

  /** @param {{a: (Node | string)[], b: (Node | string)[]}} titles */
  set titles({ a, b }) {
    this.parts.titleA.replaceChildren(...a);
    this.parts.titleB.replaceChildren(...b);
  }

  /** What stands where the lanes are not yet: a sentence, or nothing. @param {string} sentence */
  say(sentence) {
    this.parts.message.textContent = sentence;
  }

  /** Which one is heard. @param {Side} side */
  set side(side) {
    if (this.dataset.side === side) return;
    this.dataset.side = side;
    this.redraw();
  }

  /** @override @returns {Range | null} */
  get range() {
    return super.range;
  }

  /** @override */
  set range(range) {
    super.range = range;
    if (range) this.#reveal(range);
  }

  /** How many bars the overview needs. */
  get bars() {
    return Math.max(this.view.width, 320) / BAR_PITCH;
  }

  /** @override */
  get pairsPerSecond() {
    return Math.max(...Object.values(this.#shown.sources).map((source) => source?.pairsPerSecond ?? 0));
  }

  /** @override @param {number} music */
  spelled(music) {
    return this.#clocks(music, clockTenths);
  }

  /** @override */
  placeHead() {
    const { head, scroller } = this.parts;
    const x = xAt(this.view, this.time);
    head.style.transform = `translateX(${Math.round(clamp(x, 0, this.view.width - 2))}px)`;
    head.hidden = !this.view.duration || x < -1 || x > this.view.width + 1;
    const said = this.#clocks(this.time, spokenClock).replace(" · ", ", ");
    if (scroller.getAttribute("aria-valuetext") === said) return;
    scroller.setAttribute("aria-valuenow", String(Math.floor(this.time)));
    scroller.setAttribute("aria-valuetext", said);
  }

  /** @override */
  place() {
    this.parts.scale.replaceChildren(...tickLabels(this.view, this.#shown.axis));
    this.parts.ribbonLabels.replaceChildren(...ribbonLabels(this.view, this.#shown.changes));
  }

  /** @override */
  draw() {
    const { laneA, laneB, ribbonCanvas, pictureCanvas } = this.parts;
    const { axis, sources, changes, rows, step } = this.#shown;
    const style = getComputedStyle(this);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
    const lane = (/** @type {Side} */ side) => colour(this.dataset.side === side ? `lane-${side}` : `lane-${side}-soft`);
    paintLane(laneA, this.view, axis, "a", sources.a, lane("a"));
    paintLane(laneB, this.view, axis, "b", sources.b, lane("b"));
    const kinds = ["same", "cut", "added", "moved", "stretched", "ink"];
    paintRibbon(ribbonCanvas, this.view, changes, Object.fromEntries(kinds.map((kind) => [kind, colour(`ribbon-${kind}`)])));
    paintPicture(pictureCanvas, this.view, axis, rows, step, { more: colour("more"), less: colour("less"), sign: colour("ink") });
  }

  /** The same moment on both clocks. @param {number} music @param {(seconds: number) => string} spelled */
  #clocks(music, spelled) {
    const { axis } = this.#shown;
    const at = (/** @type {Side} */ side) => (axis.has(side, music) ? spelled(axis.toSide(side, music)) : "–");
    return `A ${at("a")} · B ${at("b")}`;
  }

  /** @param {Range} range */
  #reveal({ start, end }) {
    const shown = xAt(this.view, start) >= 0 && xAt(this.view, end) <= this.view.width;
    if (!shown) this.centre((start + end) / 2);
  }
}

customElements.define("compare-lanes", CompareLanes);
