import { clock, clockSpan } from "../kit/clock.js";
import { make, tell } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";
import { clamp, clustered, secondsAt, xAt } from "../listening/geometry.js";
import { ReactionDetails } from "./reaction-details.js";
import { drawn, reactionIcon } from "./reaction-icon.js";
import { area, counted, marks, summit } from "./reaction-shape.js";
import { REACTIONS } from "./reactions.js";

/**
 * @typedef {import("../listening/geometry.js").View} View
 * @typedef {import("./reactions.js").ShownReaction} ShownReaction
 */

/** A finger wide. */
const ROOM = 44;
const BEFORE_MARK = 12;
const [HEIGHT, AXIS, UP, DOWN] = [56, 34, 30, 18];
const RISES_FOR = 1600;
const MOST_RISING = 24;

/**
 * `<reaction-curve>`: where people reacted, under the waveform and in step with it. Listeners rise over the line,
 * dotted; the band hangs under it, squared and hatched. Groups of taps are buttons that tell what and who.
 *
 * Down: `view`, `show(reactions, me)`, `rise(reaction)`. Up: `reaction-seek` {at}, `reaction-take-back` {id}.
 */
export class ReactionCurve extends HTMLElement {
  #scope = new Scope();
  /** @type {View} */
  #view = { duration: 0, width: 0, scale: 1, scroll: 0 };
  /** @type {ShownReaction[]} */
  #reactions = [];
  #frame = 0;
  #drawnAs = "";
  #listeners = drawn("path", { class: "curve-listeners" });
  #band = drawn("path", { class: "curve-band", fill: "url(#curve-hatch)" });
  #dots = drawn("path", { class: "curve-dots" });
  #squares = drawn("path", { class: "curve-squares" });
  #sides = ["listeners", "band"].map((side) => make("span", { class: `curve-side curve-side-${side}` }));
  #layer = make("div", { class: "curve-buttons" });
  #rising = make("div", { class: "curve-rising", "aria-hidden": "true" });
  #caption = make("p", { class: "curve-caption" });
  #details = new ReactionDetails((type, detail) => tell(this, type, detail));

  connectedCallback() {
    this.replaceChildren(this.#plot(), this.#rising, this.#caption, this.#details.element);
    const scope = (this.#scope = new Scope());
    scope.on(this.#layer.parentElement ?? this, "click", (event) => this.#pressed(event));
    scope.on(this.#layer, "focusin", (event) => this.#reveal(event.target));
    scope.on(document, "click", (event) => this.contains(event.target) || this.#details.close(false));
    this.#redraw();
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#scope.dispose();
  }

  /** @param {View} view */
  set view(view) {
    this.#view = view;
    this.#redraw();
  }

  /** @param {ShownReaction[]} reactions in the order of the music @param {string} me */
  show(reactions, me) {
    this.#reactions = reactions;
    this.#drawnAs = "";
    this.#details.update(reactions, me);
    this.#redraw();
  }

  /** A tap is seen where it was. @param {{kind: string, at: number}} reaction */
  rise({ kind, at }) {
    const x = xAt(this.#view, at);
    if (x < 0 || x > this.#view.width || this.#rising.childElementCount >= MOST_RISING) return;
    const mark = make("span", { class: "curve-mark" }, reactionIcon(kind));
    mark.style.left = `${x}px`;
    this.#rising.append(mark);
    setTimeout(() => mark.remove(), RISES_FOR);
  }

  #plot() {
    const hatch = drawn("pattern", { id: "curve-hatch", width: "5", height: "5", patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      drawn("path", { d: "M0,0 V5", class: "curve-hatch" }));
    const axis = drawn("path", { d: `M0,${AXIS} H100000`, class: "curve-axis" });
    const drawing = drawn("svg", { class: "curve-drawing", height: String(HEIGHT), "aria-hidden": "true" },
      drawn("defs", {}, hatch), this.#listeners, this.#band, axis, this.#dots, this.#squares);
    const plot = make("div", { class: "curve-plot", role: "group", "aria-label": "Where people reacted" }, drawing, ...this.#sides);
    plot.append(this.#layer);
    return plot;
  }

  #redraw() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#frame = 0;
    const listeners = this.#reactions.filter(({ author }) => author.kind === "guest");
    const band = this.#reactions.filter(({ author }) => author.kind === "person");
    const [up = [], down = []] = [listeners, band].map((side) => side.map(({ at }) => at));
    const most = summit([up, down], this.#view);
    this.#listeners.setAttribute("d", area(up, this.#view, most, AXIS, UP));
    this.#band.setAttribute("d", area(down, this.#view, most, AXIS, -DOWN));
    this.#dots.setAttribute("d", marks(up, this.#view, AXIS, "dot"));
    this.#squares.setAttribute("d", marks(down, this.#view, AXIS, "square"));
    this.classList.toggle("has-listeners", up.length > 0);
    this.classList.toggle("has-band", down.length > 0);
    this.#sides.forEach((side, index) => (side.textContent = [`listeners ${up.length}`, `band ${down.length}`][index] ?? ""));
    this.#caption.textContent = this.#reactions.length ? "Where people reacted" : "Where people react will show here";
    this.#placeButtons();
  }

  /** Scrolling only shifts the layer; new buttons are made when the scale or the taps changed. */
  #placeButtons() {
    this.#layer.style.transform = `translateX(${-this.#view.scroll}px)`;
    const as = `${this.#view.scale} ${this.#view.duration}`;
    if (as === this.#drawnAs) return;
    this.#drawnAs = as;
    const focused = /** @type {HTMLElement[]} */ ([...this.#layer.children]).find((one) => one === document.activeElement);
    const groups = this.#view.width ? clustered(this.#reactions, this.#view.scale, ROOM) : [];
    this.#layer.replaceChildren(...groups.map((group) => this.#button(group)));
    const first = focused?.dataset.from;
    if (first) /** @type {HTMLElement | null} */ (this.#layer.querySelector(`[data-from="${first}"]`))?.focus();
  }

  /** @param {ShownReaction[]} group */
  #button(group) {
    const [from = 0, to = 0] = [group[0]?.at, group.at(-1)?.at];
    const button = make("button", { type: "button", class: "curve-button", "aria-haspopup": "dialog", "data-from": String(from) });
    const end = Math.max(this.#view.width, this.#view.duration * this.#view.scale);
    button.style.left = `${clamp(from * this.#view.scale - BEFORE_MARK, 0, end - ROOM)}px`;
    const said = `${counted(group, REACTIONS)} at ${clockSpan(from, clock(from) === clock(to) ? null : to)}`;
    button.setAttribute("aria-label", said);
    button.title = said;
    return button;
  }

  /** A tap beside a button means the nearest one. @param {MouseEvent} event */
  #pressed(event) {
    const plot = /** @type {HTMLElement} */ (event.currentTarget);
    const buttons = /** @type {HTMLElement[]} */ ([...this.#layer.children]);
    const pressed = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".curve-button"));
    const at = secondsAt(this.#view, event.clientX - plot.getBoundingClientRect().left);
    const apart = (/** @type {HTMLElement} */ button) => Math.abs(Number(button.dataset.from) - at);
    const button = pressed ?? buttons.sort((a, b) => apart(a) - apart(b))[0];
    if (!button) return;
    const group = clustered(this.#reactions, this.#view.scale, ROOM).find(([first]) => String(first?.at) === button.dataset.from);
    if (group) this.#details.open(group, xAt(this.#view, Number(button.dataset.from)), this.#view.width, String(button.dataset.from), () => this.#focus(button));
  }

  /** @param {HTMLElement} button perhaps made anew since */
  #focus({ dataset }) {
    /** @type {HTMLElement | null} */ (this.#layer.querySelector(`[data-from="${dataset.from}"]`))?.focus();
  }

  /** One reached with the Tab key may lie outside the window. @param {HTMLElement} button */
  #reveal(button) {
    const x = Number.parseFloat(button.style.left) - this.#view.scroll;
    if (x < 0 || x > this.#view.width) tell(this, "reaction-reveal", { at: Number(button.dataset.from) });
  }
}

customElements.define("reaction-curve", ReactionCurve);
