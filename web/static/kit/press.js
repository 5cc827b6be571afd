/** A press takes a tenth of a second. Whoever holds longer drags, and the page goes on. Milliseconds. */
const LONGEST = 700;
/** The click of a press comes this soon after the finger is up, or not at all. Milliseconds. */
const CLICK_WITHIN = 100;

/**
 * Whether a finger or a mouse button is down. A button that moves away between down and up, because something arrived
 * above it, is not pressed: what moves the page by itself waits for the end of the press.
 *
 * @typedef {{draw(): void}} Drawn
 */
export class Press {
  #down = false;
  #timer = 0;
  /** @type {Set<Drawn>} each once, however often it was asked for */
  #waiting = new Set();

  /** @param {import("./scope.js").Scope} scope */
  watch(scope) {
    const on = (/** @type {string} */ type, /** @type {() => void} */ action) => scope.on(window, type, action, { capture: true });
    on("pointerdown", () => this.#endIn(LONGEST, true));
    on("pointerup", () => this.#endIn(CLICK_WITHIN, this.#down));
    on("pointercancel", () => this.#endIn(0, this.#down));
    // The button is found; what it does is seen at once, and what waited right after.
    on("click", () => this.#endIn(0, false));
  }

  /** Draws it now, or as soon as nothing is pressed. @param {Drawn} part */
  afterwards(part) {
    if (this.#down) this.#waiting.add(part);
    else part.draw();
  }

  /** @param {number} wait @param {boolean} down until then */
  #endIn(wait, down) {
    clearTimeout(this.#timer);
    this.#down = down;
    this.#timer = window.setTimeout(() => this.#end(), wait);
  }

  #end() {
    this.#down = false;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const part of waiting) part.draw();
  }
}
