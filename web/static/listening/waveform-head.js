import { spokenClock } from "../kit/clock.js";
import { clamp, xAt } from "./geometry.js";

/**
 * @typedef {import("./geometry.js").View} View
 * @typedef {ReturnType<typeof import("./waveform-parts.js").waveformParts>} Parts
 */

/** The play head and the played colour: playing only shifts layers, the bars are not painted again. */
export class PlayHead {
  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /** @param {View} view @param {number} seconds */
  place(view, seconds) {
    const { head, playedClip, played } = this.parts;
    const { width } = view;
    const density = window.devicePixelRatio || 1;
    const x = Math.round(xAt(view, seconds) * density) / density;
    const shown = clamp(x, 0, width);
    playedClip.style.transform = `translateX(${shown - width}px)`;
    played.style.transform = `translateX(${width - shown}px)`;
    head.style.transform = `translateX(${clamp(x, 0, width - 2)}px)`;
    head.hidden = !view.duration || x < 0 || x > width;
    this.#describe(seconds, view.duration);
  }

  /** @param {number} seconds @param {number} duration */
  #describe(seconds, duration) {
    const { scroller } = this.parts;
    const said = `${spokenClock(seconds)} of ${spokenClock(duration)}`;
    if (scroller.getAttribute("aria-valuetext") === said) return;
    scroller.setAttribute("aria-valuenow", String(Math.floor(seconds)));
    scroller.setAttribute("aria-valuetext", said);
  }
}
