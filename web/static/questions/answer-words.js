import { make } from "../kit/elements.js";

/** A few words of one's own, sent with a button or Ctrl Enter. */
export class AnswerWords {
  #text;
  element;

  /** @param {string} label @param {(body: string) => void} given */
  constructor(label, given) {
    this.#text = /** @type {HTMLTextAreaElement} */ (make("textarea", { class: "input", rows: "2", maxlength: "5000", "aria-label": label }));
    const send = make("button", { type: "submit", class: "button", text: "Answer" });
    this.element = make("form", { class: "answer-words" }, this.#text, send);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      const body = this.#text.value.trim();
      if (!body) return this.#text.focus();
      this.#text.value = "";
      given(body);
    });
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      /** @type {HTMLFormElement} */ (this.element).requestSubmit();
    });
  }

  show() {}

  focus() {
    this.#text.focus();
  }

  /** What is written and not sent. */
  get draft() {
    return this.#text.value;
  }

  /** @param {string} words */
  refused(words) {
    this.#text.value ||= words;
  }
}
