import { clockSpan } from "../kit/clock.js";
import { find, make } from "../kit/elements.js";
import { notesWithin } from "./notes.js";

/**
 * @typedef {import("./comparison.js").Finding} Finding
 * @typedef {import("./notes.js").Note} Note
 */

/** What changed, one line for each, with what people said there. A click loops it. */
export class FindingsList {
  /** @type {Finding[]} */
  findings = [];
  /** @type {Note[]} */
  notes = [];
  chosen = -1;

  /** @param {(place: number) => void} choose @param {string} reviewUrl @param {import("../kit/press.js").Press} press */
  constructor(choose, reviewUrl, press) {
    this.choose = choose;
    this.reviewUrl = reviewUrl;
    this.press = press;
    this.list = find(document, "#findings");
  }

  /** @param {Finding[]} findings @param {boolean} fresh of another comparison, so that none is chosen */
  show(findings, fresh) {
    this.findings = findings;
    if (fresh) this.chosen = -1;
    this.draw();
  }

  /** @param {Note[]} notes */
  annotate(notes) {
    this.notes = notes;
    this.press.afterwards(this);
  }

  /** @param {number} place in the list, −1 for none */
  mark(place) {
    this.chosen = place;
    this.list.querySelectorAll(".finding-go").forEach((button, index) => button.setAttribute("aria-pressed", String(index === place)));
  }

  draw() {
    const focused = [...this.list.querySelectorAll(".finding-go")].indexOf(/** @type {Element} */ (document.activeElement));
    this.list.replaceChildren(...this.findings.map((finding, index) => this.#row(finding, index)));
    if (focused >= 0) /** @type {HTMLElement | undefined} */ (this.list.querySelectorAll(".finding-go")[focused])?.focus();
  }

  /** @param {Finding} finding @param {number} index */
  #row(finding, index) {
    const { start, end, plain, detail, confidence } = finding;
    const whole = start === null || end === null;
    const button = make("button", { type: "button", class: "finding-go", "aria-pressed": String(index === this.chosen) });
    button.append(
      make("span", { class: "finding-time", text: whole ? "whole song" : place(start, end) }),
      " ",
      make("strong", { class: "finding-plain", text: plain }),
    );
    button.addEventListener("click", () => this.choose(index));
    const sure = confidence < 0.6 ? " · not sure" : "";
    const row = make("li", { class: "finding" }, button, make("p", { class: "finding-detail", text: detail + sure }));
    if (!whole) row.append(...this.#said(start, end));
    return row;
  }

  /** @param {number} start @param {number} end */
  #said(start, end) {
    const notes = notesWithin(this.notes, start, end);
    const [first] = notes;
    if (!first) return [];
    const count = notes.length === 1 ? "1 open note here" : `${notes.length} open notes here`;
    const from = first.from === null ? "" : ` (from v${first.from})`;
    const link = make("a", { class: "finding-note", href: `${this.reviewUrl}?comment=${first.id}` });
    link.append(`${count} · ${first.name}: “${shortened(first.body)}”${from}`);
    return [link];
  }
}

/** Rounded, as its sentence does it. @param {number} start @param {number} end seconds */
export function place(start, end) {
  const [first, last] = [Math.round(start), Math.round(end)];
  return clockSpan(first, last > first ? last : null);
}

/** @param {string} body */
function shortened(body) {
  const line = body.replace(/\s+/g, " ").trim();
  return line.length > 90 ? `${line.slice(0, 88).trimEnd()}…` : line;
}
