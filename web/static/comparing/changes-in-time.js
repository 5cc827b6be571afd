import { clock } from "../kit/clock.js";

/**
 * What became of each stretch of the music from A to B: kept, cut, added, moved or stretched. Pure.
 *
 * @typedef {import("./music-axis.js").Piece} Piece
 * @typedef {import("./music-axis.js").Segment} Segment
 * @typedef {"same" | "cut" | "added" | "moved" | "stretched"} ChangeKind
 * @typedef {{kind: ChangeKind, from: number, to: number, label: string, words: string}} Stretch `from` and `to` on
 *   the axis; `label` stands on the ribbon, `words` in the list of what it shows
 */

/** Shorter than this is where two takes meet, not an edit. */
const SHORTEST_EDIT = 0.25;
/** A length that differs by less is nothing people hear. */
const HEARD_STRETCH = 0.2;
const HEARD_PERCENT = 0.3;
const TOUCHING = 0.02;

/**
 * @param {Piece[]} pieces of the axis, in its order
 * @param {Segment[]} moved
 * @returns {Stretch[]} in the same order, without gaps
 */
export function changesInTime(pieces, moved) {
  return runs(pieces, moved).map((run) => ({ ...run, ...described(run) }));
}

/** Rounded, as the findings do it. @param {number} seconds */
const near = (seconds) => clock(Math.round(seconds));

/** 8.1 → "8.1 s", 75 → "1:15". @param {number} seconds */
export const inWords = (seconds) => (seconds < 60 ? `${seconds.toFixed(1)} s` : clock(seconds));

/**
 * Neighbours that follow one another in both versions are one run.
 * @typedef {Piece & {isMoved: boolean}} Run
 * @param {Piece[]} pieces @param {Segment[]} moved @returns {Run[]}
 */
function runs(pieces, moved) {
  /** @type {Run[]} */
  const found = [];
  for (const piece of pieces) {
    const isMoved = piece.a !== null && piece.b !== null && within(moved, (piece.a[0] + piece.a[1]) / 2);
    const last = found.at(-1);
    if (last?.a && last.b && piece.a && piece.b && last.isMoved === isMoved && follows(last, piece)) {
      last.to = piece.to;
      last.a = [last.a[0], piece.a[1]];
      last.b = [last.b[0], piece.b[1]];
    } else found.push({ ...piece, isMoved });
  }
  return found;
}

/** @param {Piece} last @param {Piece} next */
function follows(last, next) {
  const apart = (/** @type {"a" | "b"} */ side) => Math.abs((next[side]?.[0] ?? 0) - (last[side]?.[1] ?? 0));
  return apart("a") < TOUCHING && apart("b") < TOUCHING;
}

/** @param {Segment[]} moved @param {number} a */
const within = (moved, a) => moved.some(({ a_start, a_end }) => a >= a_start && a < a_end);

/** @param {Run} run @returns {{kind: ChangeKind, label: string, words: string}} */
function described({ a, b, isMoved }) {
  if (a && !b) return edit("cut", a, `cut ${inWords(a[1] - a[0])}`, `were cut at ${near(a[0])} of A`);
  if (b && !a) return edit("added", b, `+${inWords(b[1] - b[0])} new`, `are new at ${near(b[0])} of B`);
  if (!a || !b) return { kind: "same", label: "", words: "" };
  if (isMoved) {
    const way = `${near(a[0])} → ${near(b[0])}`;
    return { kind: "moved", label: `moved ${way}`, words: `${inWords(a[1] - a[0])} moved from ${near(a[0])} of A to ${near(b[0])} of B` };
  }
  return stretched(a, b);
}

/** @param {"cut" | "added"} kind @param {[number, number]} span @param {string} label @param {string} what */
function edit(kind, [start, end], label, what) {
  const long = end - start >= SHORTEST_EDIT;
  return { kind, label: long ? label : "", words: long ? `${inWords(end - start)} ${what}` : "" };
}

/** @param {[number, number]} a @param {[number, number]} b @returns {{kind: ChangeKind, label: string, words: string}} */
function stretched(a, b) {
  const more = b[1] - b[0] - (a[1] - a[0]);
  const percent = (100 * more) / Math.max(a[1] - a[0], 1e-6);
  if (Math.abs(more) < HEARD_STRETCH || Math.abs(percent) < HEARD_PERCENT) return { kind: "same", label: "", words: "" };
  const way = more > 0 ? "longer" : "shorter";
  const pace = `${Math.abs(percent).toFixed(1)} % ${more > 0 ? "slower" : "faster"}`;
  const label = `${inWords(Math.abs(more))} ${way}`;
  return { kind: "stretched", label, words: `From ${near(a[0])} to ${near(a[1])} of A, B is ${label}: ${pace}` };
}
