import { clock, clockSpan } from "../kit/clock.js";
import { find, tell } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";

/** @typedef {import("../kit/contract.js").Range} Range */

const TYPING_ENDS_AFTER = 4000;

/**
 * `<comment-composer>`: writes at the play head, at the second it was when typing began, or over the range.
 *
 * Down: `time`, `range`, `marking`, `typists`, `draftName`, `write(body)`. Up: `composer-post`
 * {body, at, until}, `composer-mark`, `composer-typing` {typing}.
 */
export class CommentComposer extends HTMLElement {
  #scope = new Scope();
  #time = 0;
  /** @type {Range | null} */
  #range = null;
  /** @type {number | null} the second it is about, from the first letter on */
  #fixed = null;
  #typing = false;
  #timer = 0;
  #draftName = "";

  connectedCallback() {
    const scope = (this.#scope = new Scope());
    scope.on(this.#field, "input", () => this.#typed());
    scope.on(this.#field, "keydown", (event) => this.#pressed(event));
    scope.on(this.#field, "blur", () => this.#setTyping(false));
    scope.on(this.#form, "submit", (event) => this.#submitted(event));
    scope.on(find(this, ".mark-range"), "click", () => tell(this, "composer-mark"));
    scope.on(find(this, ".set-time"), "click", () => this.#setTime());
    scope.add(() => clearTimeout(this.#timer));
    this.#show();
  }

  disconnectedCallback() {
    this.#scope.dispose();
  }

  get #field() {
    return find(this, "textarea", HTMLTextAreaElement);
  }

  get #form() {
    return find(this, "form", HTMLFormElement);
  }

  set time(/** @type {number} */ seconds) {
    const changed = Math.floor(seconds) !== Math.floor(this.#time);
    this.#time = seconds;
    if (changed) this.#show();
  }

  set range(/** @type {Range | null} */ range) {
    this.#range = range;
    this.#show();
  }

  set marking(/** @type {boolean} */ marking) {
    const button = find(this, ".mark-range");
    button.setAttribute("aria-pressed", String(marking));
    button.textContent = marking ? "End it here" : "Mark a range";
    find(this, ".composer-hint").hidden = !marking;
  }

  set typists(/** @type {string} */ sentence) {
    find(this, ".typing-line").textContent = sentence;
  }

  /** Where a half-written comment is kept over a reload; brings back what is there. */
  set draftName(/** @type {string} */ name) {
    this.#draftName = name;
    const draft = JSON.parse(sessionStorage.getItem(name) ?? "null");
    if (!draft || this.#field.value) return;
    this.#fixed = draft.at;
    this.write(draft.body);
  }

  begin() {
    this.#field.focus();
  }

  /** @param {string} body */
  write(body) {
    this.#field.value = body;
    this.#fixed ??= this.#time;
    this.#fit();
    this.#show();
  }

  get empty() {
    return this.#field.value.trim() === "";
  }

  #typed() {
    if (this.empty) this.#fixed = null;
    else this.#fixed ??= this.#time;
    this.#setTyping(!this.empty);
    this.#keepDraft();
    this.#fit();
    this.#show();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#form.requestSubmit();
    if (event.key === "Escape") this.#field.blur();
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    event.preventDefault();
    if (this.empty) return this.begin();
    const at = this.#range?.start ?? this.#fixed ?? this.#time;
    tell(this, "composer-post", { body: this.#field.value.trim(), at, until: this.#range?.end ?? null });
    this.#field.value = "";
    this.#fixed = null;
    this.#setTyping(false);
    this.#keepDraft();
    this.#fit();
    this.#show();
  }

  #setTime() {
    this.#fixed = this.#time;
    this.#keepDraft();
    this.#show();
    this.begin();
  }

  #keepDraft() {
    if (!this.#draftName) return;
    if (this.empty) sessionStorage.removeItem(this.#draftName);
    else sessionStorage.setItem(this.#draftName, JSON.stringify({ at: this.#fixed, body: this.#field.value }));
  }

  /** @param {boolean} typing */
  #setTyping(typing) {
    clearTimeout(this.#timer);
    if (typing) this.#timer = window.setTimeout(() => this.#setTyping(false), TYPING_ENDS_AFTER);
    if (typing === this.#typing) return;
    this.#typing = typing;
    tell(this, "composer-typing", { typing });
  }

  /** As tall as what is written, up to the limit in the styles. */
  #fit() {
    this.#field.style.height = "auto";
    this.#field.style.height = this.#field.value ? `${this.#field.scrollHeight}px` : "";
  }

  #show() {
    const at = this.#fixed ?? this.#time;
    const place = this.#range ? clockSpan(this.#range.start, this.#range.end) : clock(at);
    find(this, ".composer-time").textContent = place;
    const button = find(this, ".set-time");
    button.hidden = this.#range !== null || this.#fixed === null || Math.abs(this.#time - at) < 1;
    button.textContent = `Set to ${clock(this.#time)}`;
  }
}

customElements.define("comment-composer", CommentComposer);
