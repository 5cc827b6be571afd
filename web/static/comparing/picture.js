import { clockSpan } from "../kit/clock.js";
import { signed } from "./loudness.js";

/**
 * More and less of each band over time, as cells to paint and as sentences to read. Pure.
 *
 * @typedef {{key: string, name: string, from_hz?: number, to_hz?: number, db: (number | null)[]}} Band
 * @typedef {{step: number, bands: Band[], level_db?: (number | null)[], width_db?: (number | null)[]}} Picture
 *   `step`: seconds of A for one column; dB are B minus A at equal loudness
 * @typedef {Band & {label: string, more: string, less: string}} Row
 * @typedef {{start: number, end: number, db: number}} Stretch seconds of A
 */

/** What people hear of a band, and of how long a stretch of it. */
const HEARD_DB = 1;
const HEARD_SECONDS = 2;
/** Two stretches closer than this are told as one. */
const SAME_STRETCH = 3;
/** As many as one reads for each row. */
const MOST = 4;
/** Full colour from here on. */
const STRONGEST_DB = 6;

/** @param {Picture} picture @returns {Row[]} from the highest to the lowest, then how loud and how wide */
export function rowsOf({ bands, level_db, width_db }) {
  /** @type {Row[]} */
  const rows = bands.map((band) => ({ ...band, label: `${band.name} ${reach(band)}`, more: "more", less: "less" }));
  if (level_db) rows.push({ key: "level", name: "loudness", label: "loudness", db: level_db, more: "louder", less: "quieter" });
  if (width_db) rows.push({ key: "width", name: "width", label: "width", db: width_db, more: "wider", less: "narrower" });
  return rows;
}

/** "8k+", "2–8k", "–120". @param {Band} band */
function reach({ from_hz = 0, to_hz = 0 }) {
  const short = (/** @type {number} */ hertz) => (hertz >= 1000 ? `${hertz / 1000}k` : String(hertz));
  if (to_hz >= 16_000) return `${short(from_hz)}+`;
  if (from_hz <= 30) return `–${short(to_hz)}`;
  return from_hz >= 1000 ? `${from_hz / 1000}–${short(to_hz)}` : `${from_hz}–${short(to_hz)}`;
}

/** The mean of the columns that know something, between two seconds of A. @param {(number | null)[]} db @param {number} step @param {number} start @param {number} end */
export function meanBetween(db, step, start, end) {
  const first = Math.floor(start / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(end / step - 1e-9));
  const known = db.slice(first, last).filter((value) => value !== null);
  return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
}

/** How strong a colour shows it, −1 (less) to 1 (more); what is hardly heard stays pale. @param {number} db */
export function strength(db) {
  const size = Math.min(1, Math.max(0, (Math.abs(db) - 0.4) / (STRONGEST_DB - 0.4)));
  return Math.sign(db) * size ** 0.75;
}

/** Where a row is clearly more or less, in order. @param {(number | null)[]} db @param {number} step @returns {Stretch[]} */
export function stretches(db, step) {
  /** @type {Stretch[]} */
  const found = [];
  const smooth = db.map((_, column) => meanBetween(db, step, (column - 2) * step, (column + 3) * step));
  smooth.forEach((value, column) => {
    if (value === null || Math.abs(value) < HEARD_DB) return;
    const last = found.at(-1);
    const start = column * step;
    if (last && Math.sign(last.db) === Math.sign(value) && start - last.end < SAME_STRETCH) last.end = start + step;
    else found.push({ start, end: start + step, db: value });
  });
  const long = found.filter(({ start, end }) => end - start >= HEARD_SECONDS);
  return long.map(({ start, end }) => ({ start, end, db: meanBetween(db, step, start, end) ?? 0 }));
}

/**
 * The picture in words: one sentence for each row that has something to say.
 * @param {Picture} picture
 * @returns {{row: Row, sentence: string, stretches: Stretch[]}[]}
 */
export function inSentences(picture) {
  return rowsOf(picture).map((row) => {
    const all = stretches(row.db, picture.step);
    const most = [...all].sort((one, other) => weight(other) - weight(one)).slice(0, MOST);
    const told = most.sort((one, other) => one.start - other.start);
    const parts = told.map(({ start, end, db }) => `${db > 0 ? row.more : row.less} from ${clockSpan(start, end)} (${signed(db)} dB)`);
    return { row, stretches: told, sentence: parts.length ? parts.join("; ") : "about the same throughout" };
  });
}

/** @param {Stretch} stretch */
const weight = ({ start, end, db }) => (end - start) * Math.abs(db);
