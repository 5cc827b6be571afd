import { clock, clockTenths } from "../kit/clock.js";
import { make } from "../kit/elements.js";
import { secondsAt, tickSpacing, xAt } from "../listening/geometry.js";

/**
 * What is written along the axis.
 *
 * @typedef {import("../listening/geometry.js").View} View
 * @typedef {import("./music-axis.js").MusicAxis} MusicAxis
 * @typedef {import("./changes-in-time.js").Stretch} Stretch
 */

/** What a time and a letter need, in pixels. */
const TICK_ROOM = 110;
const LETTER = 6.6;
const EDGE = 16;

/** The clock of A, as what is only in B has no time there. @param {View} view @param {MusicAxis} axis */
export function tickLabels(view, axis) {
  const { width, scale } = view;
  if (!width || !axis.length) return [];
  const step = tickSpacing(scale, TICK_ROOM);
  const spelled = step < 1 ? clockTenths : clock;
  const [first = 0, last = 0] = [0, width].map((x) => axis.toSide("a", secondsAt(view, x)) / step);
  const labels = [];
  for (let count = Math.ceil(first - 1e-9); count <= last + 1e-9; count += 1) {
    const x = xAt(view, axis.toMusic("a", count * step));
    if (x < -1 || x > width + 1) continue;
    const side = x < EDGE ? "start" : x > width - EDGE ? "end" : "middle";
    const label = make("span", { class: `waveform-tick tick-${side}`, text: spelled(count * step) });
    label.style.left = `${Math.round(x)}px`;
    labels.push(label);
  }
  return labels;
}

/**
 * What was cut, added, moved or stretched, where there is room to say so; edits first, and the longest of them.
 * @param {View} view @param {Stretch[]} changes
 */
export function ribbonLabels(view, changes) {
  /** @type {[number, number][]} */
  const taken = [];
  const seen = changes.filter(({ label, from, to }) => label && xAt(view, to) > 0 && xAt(view, from) < view.width);
  const told = [...seen].sort((one, other) => weight(other) - weight(one));
  return told.flatMap(({ kind, from, label }) => {
    for (const text of kind === "moved" ? [label, kind] : [label]) {
      const needed = text.length * LETTER + 16;
      const at = Math.min(Math.max(0, xAt(view, from)), view.width - needed);
      if (taken.some(([start, end]) => at < end && at + needed > start)) continue;
      taken.push([at, at + needed]);
      const span = make("span", { class: `ribbon-label ribbon-${kind}`, text });
      span.style.transform = `translateX(${Math.round(at)}px)`;
      return [span];
    }
    return [];
  });
}

/** A pace that differs is nothing beside a verse that went. @param {Stretch} change */
const weight = ({ kind, from, to }) => (to - from) * (kind === "stretched" ? 0.01 : 1);
