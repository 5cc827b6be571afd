import { clamp } from "./geometry.js";

/**
 * Where a key moves the play head. Pure.
 * @param {{key: string, shiftKey: boolean}} event @param {number} time @param {number} duration seconds
 * @returns {number | undefined} seconds; undefined for a key that moves nothing
 */
export function keyTarget({ key, shiftKey }, time, duration) {
  const step = shiftKey ? 5 : 1;
  /** @type {Record<string, number>} */
  const targets = {
    ArrowLeft: time - step,
    ArrowDown: time - step,
    ArrowRight: time + step,
    ArrowUp: time + step,
    PageDown: time - 10,
    PageUp: time + 10,
    Home: 0,
    End: duration,
  };
  const target = targets[key];
  return target === undefined ? undefined : clamp(target, 0, duration);
}

/** How much closer a key brings the song; 0 shows all of it. @param {{key: string}} event @returns {number | undefined} */
export function keyZoom({ key }) {
  /** @type {Record<string, number>} */
  const factors = { "+": 2, "=": 2, "-": 0.5, 0: 0 };
  return factors[key];
}
