import { tell } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";

const GLOWS_FOR = 500;

/**
 * `<reaction-pad>`: the buttons for a feeling at this second; the server draws them.
 *
 * Down: `disabled`. Up: `reaction-tap` {kind}.
 */
export class ReactionPad extends HTMLElement {
  #scope = new Scope();

  connectedCallback() {
    const scope = (this.#scope = new Scope());
    for (const button of this.#buttons) scope.on(button, "click", () => this.#tapped(button));
  }

  disconnectedCallback() {
    this.#scope.dispose();
  }

  set disabled(/** @type {boolean} */ disabled) {
    for (const button of this.#buttons) button.disabled = disabled;
  }

  /** As a finger would; nothing while it is disabled. @param {string} kind */
  press(kind) {
    for (const button of this.#buttons) if (button.dataset.kind === kind) button.click();
  }

  get #buttons() {
    return /** @type {NodeListOf<HTMLButtonElement>} */ (this.querySelectorAll("button[data-kind]"));
  }

  /** @param {HTMLButtonElement} button */
  #tapped(button) {
    button.classList.add("tapped");
    setTimeout(() => button.classList.remove("tapped"), GLOWS_FOR);
    // Where the browser knows no vibration, or was not touched yet, there is none.
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(10);
    tell(this, "reaction-tap", { kind: button.dataset.kind });
  }
}

customElements.define("reaction-pad", ReactionPad);
