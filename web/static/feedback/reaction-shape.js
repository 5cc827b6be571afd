import { xAt } from "../listening/geometry.js";

/**
 * The shape of "where people reacted", in pixels. Pure: no DOM.
 *
 * @typedef {import("../listening/geometry.js").View} View
 */

/** How far a tap spreads: thumbs are not exact, and neither is the moment that was meant. */
const SPREAD = 7;
const REACH = 3 * SPREAD;
const STEP = 3;
/** A single tap in a quiet song is no summit. */
const LEAST_SUMMIT = 2;

/**
 * How many taps lie together at every third pixel of the window.
 * @param {number[]} ats seconds @param {View} view
 */
export function heights(ats, view) {
  const points = new Float64Array(Math.ceil(view.width / STEP) + 1);
  for (const at of ats) {
    const x = xAt(view, at);
    const first = Math.max(0, Math.ceil((x - REACH) / STEP));
    const last = Math.min(points.length - 1, Math.floor((x + REACH) / STEP));
    for (let index = first; index <= last; index += 1) {
      points[index] = (points[index] ?? 0) + Math.exp(-(((index * STEP - x) / SPREAD) ** 2) / 2);
    }
  }
  return points;
}

/**
 * What counts as full height: the most taps together when the whole song is seen at once, so that a closer look
 * does not make a small summit a tall one.
 * @param {number[][]} sides @param {View} view
 */
export function summit(sides, view) {
  const whole = { ...view, scroll: 0, scale: view.duration > 0 ? view.width / view.duration : 1 };
  return sides.reduce((most, ats) => heights(ats, whole).reduce((a, b) => Math.max(a, b), most), LEAST_SUMMIT);
}

/**
 * An area between the axis and the taps, as the `d` of a path.
 * @param {number[]} ats @param {View} view @param {number} most taps at full height @param {number} axis y of the axis
 * @param {number} room from the axis to full height; negative goes down
 */
export function area(ats, view, most, axis, room) {
  if (!ats.length) return "";
  const points = Array.from(heights(ats, view), (height, index) => `${index * STEP},${(axis - (height / most) * room).toFixed(1)}`);
  return `M0,${axis} L${points.join(" ")} L${(points.length - 1) * STEP},${axis} Z`;
}

/**
 * A small mark on the axis for every tap in the window: a dot or a square.
 * @param {number[]} ats @param {View} view @param {number} axis @param {"dot" | "square"} shape
 */
export function marks(ats, view, axis, shape) {
  const seen = ats.map((at) => xAt(view, at)).filter((x) => x > -REACH && x < view.width + REACH);
  // A pixel that is drawn on once needs no second mark.
  const places = [...new Set(seen.map((x) => Math.round(x)))];
  const dot = (/** @type {number} */ x) => `M${x - 2},${axis - 4} a2,2 0 1,0 4,0 a2,2 0 1,0 -4,0`;
  const square = (/** @type {number} */ x) => `M${x - 2},${axis + 2} h4 v4 h-4 z`;
  return places.map(shape === "dot" ? dot : square).join(" ");
}

/**
 * "3 love this, 1 too loud", the most frequent first.
 * @param {{kind: string}[]} reactions @param {Record<string, string>} names
 */
export function counted(reactions, names) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { kind } of reactions) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const inOrder = [...counts].sort(([, a], [, b]) => b - a);
  return inOrder.map(([kind, count]) => `${count} ${(names[kind] ?? kind).toLowerCase()}`).join(", ");
}
