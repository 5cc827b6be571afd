import { avatar, make, tell } from "../kit/elements.js";
import { clock, clockSpan } from "../kit/clock.js";
import { clamp, clustered } from "./geometry.js";

/**
 * @typedef {import("./geometry.js").View} View
 * @typedef {import("../kit/contract.js").Person} Person
 * @typedef {{id: string, at: number, until: number | null, author: Person, origin?: {number: number, place: string}}} Marker
 */

const HALF_MARKER = 14;

/** The people on the waveform: one disc for each comment, a number where several would overlap. */
export class MarkerLane {
  /** @type {Marker[]} */
  #markers = [];
  #drawnAs = "";
  /** @type {string[]} */
  #lit = [];

  /** @param {HTMLElement} lane */
  constructor(lane) {
    this.lane = lane;
    this.layer = make("div", { class: "waveform-marker-layer" });
    lane.append(this.layer);
  }

  /** @param {Marker[]} markers sorted by `at` */
  set markers(markers) {
    this.#markers = markers;
    this.#drawnAs = "";
  }

  /** Scrolling only shifts the layer; new buttons are made when the scale or the comments changed. @param {View} view */
  place(view) {
    this.layer.style.transform = `translateX(${-view.scroll}px)`;
    const as = `${view.scale} ${view.duration}`;
    if (as === this.#drawnAs) return;
    this.#drawnAs = as;
    const focused = this.layer.contains(document.activeElement) ? document.activeElement : null;
    const groups = clustered(this.#markers, view.scale, HALF_MARKER * 2);
    this.layer.replaceChildren(...groups.map((group) => this.#button(group, view)));
    this.light(this.#lit);
    if (focused) this.#refocus(/** @type {HTMLElement} */ (focused).dataset.ids ?? "");
  }

  /** @param {string[]} lit ids under the play head */
  light(lit) {
    this.#lit = lit;
    for (const button of this.#buttons()) {
      button.classList.toggle("lit", lit.some((id) => button.dataset.ids?.includes(id)));
    }
  }

  /** @param {Marker[]} group @param {View} view */
  #button(group, view) {
    const [first] = group;
    const button = /** @type {HTMLButtonElement} */ (make("button", { type: "button", class: "waveform-marker" }));
    const middle = group.reduce((sum, marker) => sum + marker.at, 0) / group.length;
    const end = Math.max(view.width, view.duration * view.scale);
    button.style.left = `${clamp(middle * view.scale, HALF_MARKER, end - HALF_MARKER)}px`;
    button.dataset.ids = group.map((marker) => marker.id).join(" ");
    button.setAttribute("aria-label", described(group));
    button.title = described(group);
    button.classList.toggle("from-earlier", group.every(({ origin }) => origin));
    if (group.length === 1 && first) button.append(avatar(first.author));
    else button.append(make("span", { class: "avatar waveform-cluster", text: String(group.length) }));
    button.addEventListener("click", () => this.#choose(button, group));
    return button;
  }

  /** Pressing a number again goes on to the next comment in it. @param {HTMLElement} button @param {Marker[]} group */
  #choose(button, group) {
    const turn = Number(button.dataset.turn ?? 0) % group.length;
    button.dataset.turn = String(turn + 1);
    tell(this.lane, "waveform-marker", group[turn]);
  }

  /** @param {string} ids */
  #refocus(ids) {
    const [first = ""] = ids.split(" ");
    this.#buttons().find((button) => button.dataset.ids?.includes(first))?.focus();
  }

  #buttons() {
    return /** @type {HTMLElement[]} */ ([...this.layer.children]);
  }
}

/** @param {Marker[]} group */
function described(group) {
  const [first] = group;
  if (first && group.length === 1) return `${first.author.name} at ${clockSpan(first.at, first.until)}${fromWhere(first)}`;
  const names = [...new Set(group.map((marker) => marker.author.name))].join(", ");
  const times = [first, group.at(-1)].map((marker) => clock(marker?.at ?? 0));
  return `${group.length} comments from ${times.join(" to ")}: ${names}`;
}

/** @param {Marker} marker */
function fromWhere({ origin }) {
  if (!origin) return "";
  return `, from v${origin.number}${origin.place === "unsure" ? ", place not sure" : ""}`;
}
