import { make } from "../kit/elements.js";
import { loudnessWords } from "./words.js";

const ENDS = /** @type {const} */ ([["Too quiet", -60], ["Just right", 0], ["Too loud", 60]]);

/** Too quiet … just right … too loud: the browser's own slider, and its three words to be pressed. */
export class AnswerSlider {
  #range;
  #buttons;
  element;

  /** @param {string} question @param {string} part what is asked about, for the question need not name it
   *  @param {(loudness: number) => void} placed */
  constructor(question, part, placed) {
    this.#range = /** @type {HTMLInputElement} */ (
      make("input", { type: "range", class: "answer-range", min: "-100", max: "100", step: "5", value: "0", "aria-label": `${question} ${part}` })
    );
    this.#range.addEventListener("input", () => this.#say(Number(this.#range.value)));
    this.#range.addEventListener("change", () => placed(Number(this.#range.value)));
    this.#buttons = ENDS.map(([text, value]) => {
      const button = make("button", { type: "button", class: "pill", "aria-pressed": "false", text });
      button.addEventListener("click", () => placed(value));
      return { button, value };
    });
    this.element = make("div", { class: "answer-slider" }, make("p", { class: "answer-part", text: part }), this.#range, make("div", { class: "answer-ends" }, ...this.#buttons.map(({ button }) => button)));
    this.show(null);
  }

  /** @param {number | null} loudness */
  show(loudness) {
    this.element.classList.toggle("unanswered", loudness === null);
    // Whoever is dragging it is not interrupted.
    if (!this.#range.matches(":active")) this.#range.value = String(loudness ?? 0);
    this.#say(loudness);
  }

  /** @param {number | null} loudness */
  #say(loudness) {
    const words = loudness === null ? "not answered yet" : loudnessWords(loudness);
    this.#range.setAttribute("aria-valuetext", words);
    for (const { button, value } of this.#buttons) {
      const same = loudness !== null && (value === 0 ? words === "just right" : Math.sign(value) === Math.sign(loudness) && words !== "just right");
      button.setAttribute("aria-pressed", String(same));
    }
  }
}
