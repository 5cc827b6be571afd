/**
 * Where a second sits on the screen, and back. Pure: no DOM, no canvas.
 *
 * A view is a window of `width` pixels on a song of `duration` seconds, `scale` pixels a second, whose
 * left edge is `scroll` pixels into the song.
 * @typedef {{duration: number, width: number, scale: number, scroll: number}} View
 */

/** Pixels from one bar to the next, and how much of it is ink. */
export const BAR_PITCH = 4;
export const BAR_INK = 3;

/** Firefox gives up on elements wider than about 17.8 million pixels. */
const WIDEST_CONTENT = 16_000_000;

/** @param {number} value @param {number} low @param {number} high */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

/** The scale at which the whole song just fits. @param {number} duration @param {number} width */
export const fittedScale = (duration, width) => (duration > 0 ? width / duration : 1);

/**
 * The closest look: one bar for one pair of the finest peaks.
 * @param {number} duration @param {number} width @param {number} pairsPerSecond
 */
export function closestScale(duration, width, pairsPerSecond) {
  const wanted = BAR_PITCH * pairsPerSecond;
  return Math.max(fittedScale(duration, width), Math.min(wanted, WIDEST_CONTENT / Math.max(duration, 1e-3)));
}

/** @param {View} view */
export const contentWidth = (view) => Math.max(view.width, Math.round(view.duration * view.scale));

/** @param {View} view @param {number} seconds pixels from the left edge of the window */
export const xAt = (view, seconds) => seconds * view.scale - view.scroll;

/** @param {View} view @param {number} x */
export const secondsAt = (view, x) => clamp((x + view.scroll) / view.scale, 0, view.duration);

/** @param {View} view @param {number} scroll */
export const clampScroll = (view, scroll) => clamp(scroll, 0, contentWidth(view) - view.width);

/**
 * Zooms by `factor` while the second under `x` stays where it is.
 * @param {View} view @param {number} factor @param {number} x @param {number} closest
 * @returns {View}
 */
export function zoomAround(view, factor, x, closest) {
  const scale = clamp(view.scale * factor, fittedScale(view.duration, view.width), closest);
  const zoomed = { ...view, scale };
  return { ...zoomed, scroll: clampScroll(zoomed, secondsAt(view, x) * scale - x) };
}

/** The same place in the song after the window became wider or narrower. @param {View} view @param {number} width */
export function resized(view, width) {
  const wasFitted = view.scale <= fittedScale(view.duration, view.width) * 1.001;
  const fitted = fittedScale(view.duration, width);
  const next = { ...view, width, scale: wasFitted ? fitted : Math.max(view.scale, fitted) };
  return { ...next, scroll: clampScroll(next, view.scroll) };
}

/**
 * While playing zoomed in, the window turns the page when the play head leaves it.
 * @param {View} view @param {number} seconds
 * @returns {number} the scroll to have
 */
export function follow(view, seconds) {
  const x = xAt(view, seconds);
  if (x >= 0 && x <= view.width * 0.96) return view.scroll;
  return clampScroll(view, view.scroll + x - view.width * 0.08);
}

/**
 * The coarsest level that still has a pair for every bar.
 * @param {number[]} samplesPerPixel ascending, as the version's `zooms`
 * @param {number} sampleRate
 * @param {number} scale pixels a second
 * @returns {number} index into `samplesPerPixel`
 */
export function levelFor(samplesPerPixel, sampleRate, scale) {
  const samplesPerBar = (sampleRate * BAR_PITCH) / scale;
  let chosen = 0;
  samplesPerPixel.forEach((samples, index) => {
    if (samples <= samplesPerBar) chosen = index;
  });
  return chosen;
}

const TICK_STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** Seconds between two labels on the time scale. @param {number} scale @param {number} room pixels a label needs */
export function tickSpacing(scale, room) {
  return TICK_STEPS.find((step) => step * scale >= room) ?? Math.ceil(room / scale / 3600) * 3600;
}

/** The times to label inside the window. @param {View} view @param {number} room @returns {number[]} */
export function ticks(view, room) {
  const step = tickSpacing(view.scale, room);
  const first = Math.ceil(secondsAt(view, 0) / step - 1e-9);
  const last = Math.floor(secondsAt(view, view.width) / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

/**
 * Groups what would lie closer than `room` pixels, so that each group can be hit with a finger.
 * @template {{at: number}} T
 * @param {T[]} items sorted by `at` @param {number} scale @param {number} room
 * @returns {T[][]}
 */
export function clustered(items, scale, room) {
  /** @type {T[][]} */
  const groups = [];
  for (const item of items) {
    const group = groups.at(-1);
    if (group?.[0] && (item.at - group[0].at) * scale < room) group.push(item);
    else groups.push([item]);
  }
  return groups;
}
