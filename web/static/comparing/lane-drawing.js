import { BAR_INK, BAR_PITCH, secondsAt, xAt } from "../listening/geometry.js";
import { barsIn } from "../listening/waveform-drawing.js";
import { meanBetween, strength } from "./picture.js";

/**
 * What the lanes look like. Every canvas is as wide as the window and painted anew for each scroll and zoom.
 *
 * @typedef {import("../listening/geometry.js").View} View
 * @typedef {import("../listening/peak-source.js").PeakSource} PeakSource
 * @typedef {import("./music-axis.js").MusicAxis} MusicAxis
 * @typedef {import("./music-axis.js").Side} Side
 * @typedef {import("./changes-in-time.js").Stretch} Stretch
 * @typedef {import("./picture.js").Row} Row
 */

/** A cell of the picture, in pixels; narrower ones flicker, wider ones hide. */
const CELL = 8;
const CELL_GAP = 1;

/**
 * The canvas made as fine as the screen, empty, measured in CSS pixels.
 * @param {HTMLCanvasElement} canvas
 */
export function fresh(canvas) {
  const density = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  const [wide, high] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext("2d");
  context?.setTransform(density, 0, 0, density, 0, 0);
  context?.clearRect(0, 0, width, height);
  return { context, width, height };
}

/**
 * One version along the axis; nothing where it has nothing.
 * @param {HTMLCanvasElement} canvas @param {View} view @param {MusicAxis} axis @param {Side} side
 * @param {PeakSource | null} source @param {string} colour
 */
export function paintLane(canvas, view, axis, side, source, colour) {
  const { context, height } = fresh(canvas);
  if (!context || !source) return;
  const seen = { start: secondsAt(view, 0), end: secondsAt(view, view.width) };
  const [first, last] = [axis.toSide(side, seen.start), axis.toSide(side, seen.end)];
  const read = source.reader(Math.min(first, last), Math.max(first, last), view.scale);
  const along = (/** @type {number} */ from, /** @type {number} */ to) => {
    const start = axis.toSide(side, from + 1e-6);
    return read(start, Math.max(start, axis.toSide(side, to - 1e-6)));
  };
  context.fillStyle = colour;
  for (const bar of barsIn(view, height, along, source.gain)) {
    const middle = secondsAt(view, bar.x + BAR_PITCH / 2);
    if (axis.has(side, middle)) context.fillRect(bar.x, bar.top, BAR_INK, bar.height);
  }
}

/**
 * Between the lanes: a band where the music is the same, a wedge where it was cut or added.
 * @param {HTMLCanvasElement} canvas @param {View} view @param {Stretch[]} changes
 * @param {Record<string, string>} colours
 */
export function paintRibbon(canvas, view, changes, colours) {
  const { context, height } = fresh(canvas);
  if (!context) return;
  for (const { kind, from, to } of changes) {
    const [left, right] = [xAt(view, from), xAt(view, to)];
    if (right < 0 || left > view.width) continue;
    context.fillStyle = colours[kind] ?? "";
    context.beginPath();
    // A cut narrows from A to nothing in B, what is new widens from nothing.
    context.moveTo(left, 0);
    if (kind !== "added") context.lineTo(right, 0);
    if (kind !== "cut") context.lineTo(right, height);
    context.lineTo(left, height);
    context.fill();
    if (kind === "moved" || kind === "stretched") slanted(context, left, right, height, colours.ink ?? "", kind);
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} left @param {number} right @param {number} height @param {string} ink @param {string} kind */
function slanted(context, left, right, height, ink, kind) {
  const [step, lean] = kind === "moved" ? [10, height] : [16, -height / 2];
  context.save();
  context.beginPath();
  context.rect(left, 0, right - left, height);
  context.clip();
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = Math.max(left, 0) - height; x < Math.min(right, 4000) + height; x += step) {
    context.moveTo(x, height);
    context.lineTo(x + lean, 0);
  }
  context.stroke();
  context.restore();
}

/**
 * More and less over time, a row for each band. What is strong carries a sign, so that no colour has to be told apart.
 * @param {HTMLCanvasElement} canvas @param {View} view @param {MusicAxis} axis @param {Row[]} rows @param {number} step
 * @param {{more: string, less: string, sign: string}} colours
 */
export function paintPicture(canvas, view, axis, rows, step, colours) {
  const { context, height } = fresh(canvas);
  if (!context || !rows.length) return;
  const rowHeight = height / rows.length;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `600 ${Math.min(13, rowHeight * 0.7)}px system-ui, sans-serif`;
  rows.forEach((row, index) => {
    const signs = paintRow(context, view, axis, row.db, step, index * rowHeight, rowHeight - CELL_GAP, colours);
    context.globalAlpha = 1;
    context.fillStyle = colours.sign;
    for (const { x, sign } of signs) context.fillText(sign, x, (index + 0.5) * rowHeight);
  });
}

/**
 * @param {CanvasRenderingContext2D} context @param {View} view @param {MusicAxis} axis @param {(number | null)[]} db
 * @param {number} step @param {number} top @param {number} height @param {{more: string, less: string}} colours
 * @returns {{x: number, sign: string}[]} one for each strong stretch
 */
function paintRow(context, view, axis, db, step, top, height, colours) {
  /** @type {{from: number, to: number, way: number}[]} */
  const strong = [];
  const first = Math.floor(view.scroll / CELL);
  for (let cell = first; cell * CELL < view.scroll + view.width; cell += 1) {
    const x = cell * CELL - view.scroll;
    const [from, to] = [secondsAt(view, x), secondsAt(view, x + CELL)];
    if (!axis.has("a", (from + to) / 2) || !axis.has("b", (from + to) / 2)) continue;
    const value = meanBetween(db, step, axis.toSide("a", from), axis.toSide("a", to));
    const how = value === null ? 0 : strength(value);
    if (!how) continue;
    context.globalAlpha = Math.abs(how);
    context.fillStyle = how > 0 ? colours.more : colours.less;
    context.fillRect(x, top, CELL, height);
    const last = strong.at(-1);
    if (Math.abs(how) < 0.3) continue;
    if (last && last.way === Math.sign(how) && x - last.to < CELL) last.to = x + CELL;
    else strong.push({ from: x, to: x + CELL, way: Math.sign(how) });
  }
  const wide = strong.filter(({ from, to }) => to - from >= 3 * CELL);
  return wide.map(({ from, to, way }) => ({ x: (from + to) / 2, sign: way > 0 ? "+" : "−" }));
}
