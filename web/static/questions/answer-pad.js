import { make } from "../kit/elements.js";
import { clamp } from "../listening/geometry.js";
import { placeWords } from "./words.js";

const STEP = 0.1;
/** Whoever walks with the arrow keys is not asked to hurry: so long after the last one the place counts. */
const SETTLES_AFTER = 700;

/**
 * The pad seen from above: the listener sits at the foot of it, left is left, far is at the top. A tap or a drag puts
 * the point; by keyboard the arrow keys move it.
 */
export class AnswerPad {
  #point = make("span", { class: "pad-point", "aria-hidden": "true", hidden: "" });
  #place = { across: 0, away: 0.5 };
  #held = false;
  #timer = 0;
  element;

  /** @param {string} label @param {(place: {across: number, away: number}) => void} placed */
  constructor(label, placed) {
    this.placed = placed;
    this.element = make("div", {
      class: "answer-pad", role: "slider", tabindex: "0", "aria-label": label, "aria-valuemin": "-100", "aria-valuemax": "100",
    }, ...["far", "left", "right", "near"].map((side) => make("span", { class: `pad-side pad-${side}`, "aria-hidden": "true", text: side })),
    make("span", { class: "pad-you", "aria-hidden": "true", text: "you" }), this.#point);
    this.element.addEventListener("pointerdown", (event) => this.#pressed(event));
    this.element.addEventListener("pointermove", (event) => this.#held && this.#move(this.#under(event)));
    this.element.addEventListener("pointerup", () => this.#release());
    this.element.addEventListener("pointercancel", () => this.#cancel());
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.show(null);
  }

  /** @param {{across: number | null, away: number | null} | null} answer */
  show(answer) {
    if (this.#held || this.#timer) return;
    this.#shown = answer;
    this.#draw(answer ? { across: answer.across ?? 0, away: answer.away ?? 0 } : null);
  }

  /** @type {{across: number | null, away: number | null} | null} what was answered before this gesture */
  #shown = null;

  /** @param {{across: number, away: number} | null} place */
  #draw(place) {
    this.#point.hidden = !place;
    this.#place = place ?? { across: 0, away: 0.5 };
    const { across, away } = this.#place;
    this.#point.style.left = `${(across + 1) * 50}%`;
    this.#point.style.top = `${(1 - away) * 100}%`;
    this.element.setAttribute("aria-valuenow", String(Math.round(across * 100)));
    this.element.setAttribute("aria-valuetext", place ? placeWords(across, away) : "not answered yet; use the arrow keys");
  }

  /** @param {{across: number, away: number}} place */
  #move({ across, away }) {
    const rounded = (/** @type {number} */ value) => Math.round(value * 1000) / 1000;
    this.#draw({ across: rounded(clamp(across, -1, 1)), away: rounded(clamp(away, 0, 1)) });
  }

  /** @param {PointerEvent} event */
  #under({ clientX, clientY }) {
    const box = this.element.getBoundingClientRect();
    return { across: (2 * (clientX - box.left)) / box.width - 1, away: 1 - (clientY - box.top) / box.height };
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    if (event.button !== 0) return;
    this.#held = true;
    this.element.setPointerCapture(event.pointerId);
    this.#move(this.#under(event));
  }

  #release() {
    if (!this.#held) return;
    this.#held = false;
    this.placed(this.#place);
  }

  /** The finger was scrolling the page. */
  #cancel() {
    this.#held = false;
    this.show(this.#shown);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    /** @type {Record<string, [number, number]>} */
    const steps = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { across, away } = this.#place;
    this.#move({ across: across + step[0], away: away + step[1] / 2 });
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#settle(), SETTLES_AFTER);
  }

  #settle() {
    this.#timer = 0;
    this.placed(this.#place);
  }
}
