/**
 * What a loop over a range of two versions is made of: a piece of each, and of what changed between them. Pure.
 *
 * @typedef {import("../kit/contract.js").Version} Version
 * @typedef {import("../kit/contract.js").Range} Range
 * @typedef {import("./music-axis.js").Side} Side
 * @typedef {import("./music-axis.js").MusicAxis} MusicAxis
 * @typedef {import("./ab-loop.js").LoopSide} LoopSide
 * @typedef {import("./ab-player.js").Pair} Pair
 */

/** @type {Side[]} */
const BOTH = ["a", "b"];

/** Only what changed lies along A. @param {LoopSide} side @returns {Side} */
export const axisSide = (side) => (side === "changed" ? "a" : side);

/** Those that have something in the range, or in the whole song. @param {MusicAxis | undefined} axis @param {Range | null} range */
export function sidesIn(axis, range) {
  return range && axis ? BOTH.filter((side) => axis.within(side, range)) : BOTH;
}

/**
 * The side that was heard, where it has something in the range; else the other one.
 * @param {LoopSide} side @param {MusicAxis | undefined} axis @param {Range} range @returns {LoopSide}
 */
export function heardIn(side, axis, range) {
  const here = axisSide(side);
  if (!axis || axis.within(here, range)) return side;
  return here === "a" ? "b" : "a";
}

/** @param {Pair} pair @param {Range} range on the axis @returns {ConstructorParameters<typeof import("./ab-loop.js").AbLoop>[0]} */
export function piecesOf({ versions, axis, gains }, range) {
  /** @type {ReturnType<typeof piecesOf>} */
  const pieces = {};
  for (const side of BOTH) {
    const within = axis.within(side, range);
    if (within) pieces[side] = { version: versions[side].id, gainDb: gains[side], ...within };
  }
  if (pieces.a && pieces.b) pieces.changed = { ...pieces.a, address: differenceAddress(versions, pieces.a) };
  return pieces;
}

/** @param {Record<Side, Version>} versions @param {Range} range seconds of A */
function differenceAddress({ a, b }, { start, end }) {
  const query = new URLSearchParams({ a: a.id, b: b.id, start: start.toFixed(3), end: end.toFixed(3), format: "flac" });
  return `/api/compare/difference?${query}`;
}
