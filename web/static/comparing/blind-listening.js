import { ApiError } from "../kit/api.js";
import { find } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";
import { AbLoop, fetchClip } from "./ab-loop.js";

/**
 * X and Y of a blind test, round and round, switched between without a gap. What the loop calls a and b are the two
 * letters: the page does not know which version is which.
 *
 * @typedef {"x" | "y"} Letter
 */

const SIDES = /** @type {const} */ ({ x: "a", y: "b" });

export class BlindListening extends HTMLElement {
  #scope = new Scope();
  /** @type {AbLoop | null} */
  #loop = null;
  #frame = 0;
  /** @type {Letter} */
  letter = "x";

  /** @param {string} test */
  load(test) {
    const end = Number(this.dataset.seconds);
    const piece = (/** @type {Letter} */ letter) => ({ address: `/api/blind-tests/${test}/audio/${letter}`, start: 0, end });
    // Fetched while the question is being read: a phone at rehearsal takes a while for both.
    const early = new Map((/** @type {Letter[]} */ (["x", "y"])).map((letter) => [piece(letter).address, kept(fetchClip(piece(letter)))]));
    const load = (/** @type {import("./ab-loop.js").LoopPiece} */ wanted) => {
      const coming = early.get(wanted.address ?? "");
      early.delete(wanted.address ?? "");
      return coming ?? fetchClip(wanted);
    };
    this.#loop = new AbLoop({ a: piece("x"), b: piece("y") }, { load });
    for (const button of this.#buttons) button.disabled = false;
  }

  connectedCallback() {
    this.#scope = new Scope();
    for (const button of this.#buttons) {
      this.#scope.on(button, "click", () => this.hear(/** @type {Letter} */ (button.dataset.side)));
    }
    this.#scope.on(this.#stopButton, "click", () => this.stop());
    this.#scope.add(() => this.stop());
  }

  disconnectedCallback() {
    this.#scope.dispose();
  }

  get playing() {
    return this.#loop?.playing ?? false;
  }

  /** Starts with this side, or goes over to it at the same place in the music. @param {Letter} letter */
  async hear(letter) {
    const loop = this.#loop;
    if (!loop) return;
    this.letter = letter;
    this.#say("");
    this.#draw(true);
    try {
      await (loop.playing ? loop.switchTo(SIDES[letter]) : loop.start(SIDES[letter]));
      this.#follow();
    } catch (error) {
      this.#say(error instanceof ApiError ? error.message : "This sound cannot be played here. Reload the page to try again.");
    }
    this.#draw();
  }

  stop() {
    this.#loop?.stop();
    cancelAnimationFrame(this.#frame);
    this.#draw();
  }

  toggle() {
    if (this.playing) this.stop();
    else this.hear(this.letter);
  }

  get #buttons() {
    return /** @type {NodeListOf<HTMLButtonElement>} */ (this.querySelectorAll("[data-side]"));
  }

  get #stopButton() {
    return find(this, ".blind-stop", HTMLButtonElement);
  }

  /** @param {boolean} [loading] */
  #draw(loading = false) {
    const heard = loading || this.playing;
    for (const button of this.#buttons) {
      const isIt = heard && button.dataset.side === this.letter;
      button.setAttribute("aria-pressed", String(isIt));
      button.toggleAttribute("aria-busy", isIt && !this.playing);
    }
    this.#stopButton.disabled = !this.playing;
  }

  #follow() {
    cancelAnimationFrame(this.#frame);
    const bar = find(this, ".blind-progress i");
    const whole = Number(this.dataset.seconds);
    const step = () => {
      bar.style.setProperty("--done", String((this.#loop?.position ?? 0) / whole));
      if (this.playing) this.#frame = requestAnimationFrame(step);
    };
    step();
  }

  /** @param {string} sentence */
  #say(sentence) {
    const line = find(this, ".blind-trouble");
    line.textContent = sentence;
    line.hidden = !sentence;
  }
}

/** One that fails is complained of when it is listened to, not before. @template T @param {Promise<T>} promise */
function kept(promise) {
  promise.catch(() => {});
  return promise;
}

customElements.define("blind-listening", BlindListening);
