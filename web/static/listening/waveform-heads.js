import { initial, make } from "../kit/elements.js";
import { clamp, xAt } from "./geometry.js";

/**
 * @typedef {import("./geometry.js").View} View
 * @typedef {import("../kit/contract.js").Here} Here
 */

/** Where the others are in this version: a thin line each, moving on by itself while they play. */
export class OtherHeads {
  /** @type {Map<string, {here: Here, heardAt: number, line: HTMLElement}>} */
  #heads = new Map();

  /** @param {HTMLElement} layer */
  constructor(layer) {
    this.layer = layer;
  }

  /** @param {Here[]} others */
  set others(others) {
    const now = performance.now();
    const kept = new Map();
    for (const here of others) {
      const before = this.#heads.get(here.id);
      kept.set(here.id, { here, heardAt: now, line: before?.line ?? headLine(here) });
    }
    this.#heads = kept;
    this.layer.replaceChildren(...[...kept.values()].map(({ line }) => line));
  }

  get moving() {
    return [...this.#heads.values()].some(({ here }) => here.playing);
  }

  /** @param {View} view */
  place(view) {
    const now = performance.now();
    for (const { here, heardAt, line } of this.#heads.values()) {
      const at = (here.at ?? 0) + (here.playing ? (now - heardAt) / 1000 : 0);
      const x = xAt(view, clamp(at, 0, view.duration));
      line.style.transform = `translateX(${Math.round(x)}px)`;
      line.hidden = x < 0 || x > view.width;
    }
  }
}

/** @param {Here} here */
function headLine(here) {
  const name = make("span", { class: `other-head-name hue-${here.hue}`, text: initial(here.name) });
  return make("div", { class: `other-head hue-${here.hue}`, title: here.name }, name);
}
