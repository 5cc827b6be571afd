import { clock, clockTenths } from "../kit/clock.js";
import { make } from "../kit/elements.js";
import { clamp, ticks, xAt } from "./geometry.js";

/** @typedef {import("./geometry.js").View} View */

const LABEL_ROOM = 110;
/** A label this close to an edge leans inwards. */
const EDGE = 16;

/** The times under the waveform; the last one is always the length of the song. */
export class TimeScale {
  /** @param {HTMLElement} lane */
  constructor(lane) {
    this.lane = lane;
  }

  /** @param {View} view */
  place(view) {
    const { duration, width, scale } = view;
    if (!duration || !width) return this.lane.replaceChildren();
    const spelled = scale > LABEL_ROOM ? clockTenths : clock;
    const before = ticks(view, LABEL_ROOM).filter((at) => (duration - at) * scale > LABEL_ROOM / 2);
    this.lane.replaceChildren(...[...before, duration].map((at) => label(xAt(view, at), width, spelled(at))));
  }
}

/** @param {number} x @param {number} width @param {string} text */
function label(x, width, text) {
  const side = x < EDGE ? "start" : x > width - EDGE ? "end" : "middle";
  const element = make("span", { class: `waveform-tick tick-${side}`, text });
  element.style.left = `${Math.round(clamp(x, 0, width))}px`;
  element.hidden = x < -1 || x > width + 1;
  return element;
}
