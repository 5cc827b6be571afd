import { make, tell } from "../kit/elements.js";
import { spokenClock } from "../kit/clock.js";
import { clamp, secondsAt, xAt } from "./geometry.js";

/**
 * @typedef {import("./geometry.js").View} View
 * @typedef {import("../kit/contract.js").Range} Range
 */

const SHORTEST = 0.1;

/** The marked stretch: a tinted band whose two edges can be dragged, or moved with the arrow keys. */
export class RangeBand {
  /** @type {Range | null} */
  range = null;
  /** @type {View | null} */
  #view = null;

  /** @param {HTMLElement} layer */
  constructor(layer) {
    this.band = make("div", { class: "waveform-range" });
    this.start = this.#handle("start", "Start of the range");
    this.end = this.#handle("end", "End of the range");
    this.band.append(this.start, this.end);
    this.band.hidden = true;
    layer.append(this.band);
  }

  /** @param {View} view */
  place(view) {
    this.#view = view;
    this.band.hidden = !this.range;
    if (!this.range) return;
    const [left, right] = [xAt(view, this.range.start), xAt(view, this.range.end)];
    this.band.style.transform = `translateX(${Math.round(left)}px)`;
    this.band.style.width = `${Math.max(2, Math.round(right - left))}px`;
    describe(this.start, this.range.start, view.duration);
    describe(this.end, this.range.end, view.duration);
  }

  /** @param {"start" | "end"} edge @param {string} label */
  #handle(edge, label) {
    const handle = make("div", { class: `range-handle range-handle-${edge}`, role: "slider", tabindex: "0" });
    handle.setAttribute("aria-label", label);
    handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
    handle.addEventListener("pointermove", (event) => {
      if (handle.hasPointerCapture(event.pointerId)) this.#dragTo(edge, event.clientX);
    });
    handle.addEventListener("keydown", (event) => this.#step(edge, event));
    return handle;
  }

  /** @param {"start" | "end"} edge @param {number} clientX */
  #dragTo(edge, clientX) {
    const left = this.band.parentElement?.getBoundingClientRect().left ?? 0;
    if (this.#view) this.#move(edge, secondsAt(this.#view, clientX - left));
  }

  /** @param {"start" | "end"} edge @param {KeyboardEvent} event */
  #step(edge, event) {
    const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!direction || !this.range) return;
    event.preventDefault();
    event.stopPropagation();
    this.#move(edge, this.range[edge] + direction * (event.shiftKey ? 1 : 0.1));
  }

  /** @param {"start" | "end"} edge @param {number} seconds */
  #move(edge, seconds) {
    if (!this.range || !this.#view) return;
    const { start, end } = this.range;
    const moved =
      edge === "start"
        ? { start: clamp(seconds, 0, end - SHORTEST), end }
        : { start, end: clamp(seconds, start + SHORTEST, this.#view.duration) };
    tell(this.band, "waveform-range", { range: moved, ended: true });
  }
}

/** The stretch a comment is about, tinted while that comment is looked at. */
export class Highlight {
  /** @type {Range | null} */
  range = null;

  /** @param {HTMLElement} band */
  constructor(band) {
    this.band = band;
  }

  /** @param {View} view */
  place(view) {
    this.band.hidden = !this.range;
    if (!this.range) return;
    const { start, end } = this.range;
    this.band.style.transform = `translateX(${Math.round(xAt(view, start))}px)`;
    this.band.style.width = `${Math.max(2, Math.round((end - start) * view.scale))}px`;
  }
}

/** @param {HTMLElement} handle @param {number} seconds @param {number} duration */
function describe(handle, seconds, duration) {
  handle.setAttribute("aria-valuemin", "0");
  handle.setAttribute("aria-valuemax", String(Math.ceil(duration)));
  handle.setAttribute("aria-valuenow", seconds.toFixed(1));
  handle.setAttribute("aria-valuetext", spokenClock(seconds));
}
