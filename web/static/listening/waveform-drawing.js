import { BAR_INK, BAR_PITCH } from "./geometry.js";

/**
 * @typedef {import("./geometry.js").View} View
 * @typedef {{x: number, top: number, height: number}} Bar in CSS pixels
 */

/** Silence is a row of dots, not nothing. */
const THINNEST = 1.5;

/**
 * The bars inside the window. They sit on a grid of the song, not of the window, so scrolling moves them
 * without changing them.
 * @param {View} view
 * @param {number} height
 * @param {(from: number, to: number) => [number, number]} read lowest and highest of a stretch of seconds
 * @param {number} gain
 * @returns {Bar[]}
 */
export function barsIn(view, height, read, gain) {
  const seconds = BAR_PITCH / view.scale;
  const first = Math.floor(view.scroll / BAR_PITCH);
  const last = Math.min(Math.ceil((view.scroll + view.width) / BAR_PITCH), Math.ceil(view.duration / seconds));
  const bars = [];
  for (let index = first; index < last; index += 1) {
    const [low, high] = read(index * seconds, (index + 1) * seconds);
    bars.push({ x: index * BAR_PITCH - view.scroll, ...reach(low, high, height, gain) });
  }
  return bars;
}

/** @param {number} low @param {number} high @param {number} height @param {number} gain */
function reach(low, high, height, gain) {
  const half = height / 2;
  const top = half - Math.min(half, (Math.max(0, high) / 128) * gain * half);
  const bottom = half + Math.min(half, (Math.max(0, -low) / 128) * gain * half);
  const thin = Math.max(0, THINNEST - (bottom - top));
  return { top: top - thin / 2, height: bottom - top + thin };
}

/**
 * Makes the canvas as fine as the screen and paints the bars in one colour.
 * @param {HTMLCanvasElement} canvas @param {number} width @param {number} height @param {Bar[]} bars
 * @param {string} colour
 */
export function paint(canvas, width, height, bars, colour) {
  const density = window.devicePixelRatio || 1;
  const [pixelsWide, pixelsHigh] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== pixelsWide) canvas.width = pixelsWide;
  if (canvas.height !== pixelsHigh) canvas.height = pixelsHigh;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.clearRect(0, 0, pixelsWide, pixelsHigh);
  context.fillStyle = colour;
  const ink = Math.max(1, Math.round(BAR_INK * density));
  for (const bar of bars) {
    context.fillRect(Math.round(bar.x * density), bar.top * density, ink, bar.height * density);
  }
}
