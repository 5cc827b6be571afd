import { clock, clockSpan } from "../kit/clock.js";
import { make } from "../kit/elements.js";
import { clamp } from "../listening/geometry.js";
import { reactionIcon } from "./reaction-icon.js";
import { REACTIONS } from "./reactions.js";

/**
 * @typedef {import("./reactions.js").ShownReaction} ShownReaction
 * @typedef {import("../kit/contract.js").ReactionKind} ReactionKind
 */

/** What is heard of before the tap: the reaction comes after what it is about. */
const LEAD = 2;
const NAMES_SHOWN = 8;
const WIDTH = 288;

/** What people felt around one place, and who: a small window over the page, closed by Escape or a tap beside it. */
export class ReactionDetails {
  element = make("div", { class: "curve-details card", role: "dialog", "aria-label": "Reactions here", tabindex: "-1", hidden: "" });
  /** @type {{from: number, to: number, leave: () => void} | null} */
  #shown = null;
  /** @type {ShownReaction[]} */
  #reactions = [];
  #me = "";
  #drawnAs = "";

  /** @param {(type: string, detail: object) => void} tell */
  constructor(tell) {
    this.tell = tell;
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close(true);
    });
  }

  /** @param {ShownReaction[]} group @param {number} x @param {number} width of the window @param {string} name @param {() => void} leave gives the focus back */
  open(group, x, width, name, leave) {
    if (this.element.dataset.of === name && !this.element.hidden) return this.close(true);
    this.#shown = { from: group[0]?.at ?? 0, to: group.at(-1)?.at ?? 0, leave };
    this.element.dataset.of = name;
    this.element.hidden = false;
    this.element.style.left = `${clamp(x - WIDTH / 2, 0, width - WIDTH)}px`;
    this.#drawnAs = "";
    this.#draw();
    this.element.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {boolean} giveBack whether the focus returns to where it came from */
  close(giveBack) {
    if (this.element.hidden) return;
    this.element.hidden = true;
    if (giveBack) this.#shown?.leave();
    this.#shown = null;
  }

  /** @param {ShownReaction[]} reactions @param {string} me */
  update(reactions, me) {
    [this.#reactions, this.#me] = [reactions, me];
    this.#draw();
  }

  #draw() {
    const shown = this.#shown;
    if (!shown) return;
    const here = this.#reactions.filter(({ at }) => at >= shown.from && at <= shown.to);
    const as = JSON.stringify(here);
    if (as === this.#drawnAs) return;
    this.#drawnAs = as;
    if (!here.length) return this.close(true);
    const hadFocus = this.element.contains(document.activeElement);
    const span = clockSpan(shown.from, clock(shown.from) === clock(shown.to) ? null : shown.to);
    this.element.replaceChildren(this.#head(span, shown.from), ...this.#kinds(here));
    if (hadFocus) this.element.focus({ preventScroll: true });
  }

  /** @param {string} span @param {number} from */
  #head(span, from) {
    const start = Math.max(0, from - LEAD);
    const play = make("button", { type: "button", class: "pill", text: `Go to ${clock(start)}` });
    play.addEventListener("click", () => this.tell("reaction-seek", { at: start }));
    const close = make("button", { type: "button", class: "round", "aria-label": "Close", text: "×" });
    close.addEventListener("click", () => this.close(true));
    return make("div", { class: "curve-details-head" }, make("h3", { text: span }), play, close);
  }

  /** @param {ShownReaction[]} here */
  #kinds(here) {
    const kinds = /** @type {ReactionKind[]} */ (Object.keys(REACTIONS)).filter((kind) => here.some((one) => one.kind === kind));
    return [make("ul", { class: "curve-details-kinds" }, ...kinds.map((kind) => this.#kind(kind, here.filter((one) => one.kind === kind))))];
  }

  /** @param {ReactionKind} kind @param {ShownReaction[]} reactions */
  #kind(kind, reactions) {
    const names = (/** @type {"guest" | "person"} */ who) => [...new Set(reactions.filter(({ author }) => author.kind === who).map(({ author }) => author.name))];
    const said = [listed(names("guest"), ""), listed(names("person"), "the band: ")].filter(Boolean).join("; ");
    const row = make("li", {}, reactionIcon(kind), make("span", { class: "curve-details-what" }, make("strong", { text: REACTIONS[kind] }), ` ${said}`));
    const own = reactions.find(({ author }) => author.id === this.#me);
    if (own) row.append(this.#takeBack(own));
    return row;
  }

  /** @param {ShownReaction} own */
  #takeBack({ id, kind }) {
    const button = make("button", { type: "button", class: "comment-action", "aria-label": `Take back: ${REACTIONS[kind]}`, text: "Take back" });
    button.addEventListener("click", (event) => {
      // The button goes with what it took back: a click from nowhere would count as one beside the window.
      event.stopPropagation();
      this.tell("reaction-take-back", { id });
    });
    return button;
  }
}

/** @param {string[]} names @param {string} lead */
function listed(names, lead) {
  const more = names.length - NAMES_SHOWN;
  const shown = names.slice(0, NAMES_SHOWN).join(", ");
  return shown && `${lead}${shown}${more > 0 ? ` and ${more} more` : ""}`;
}
