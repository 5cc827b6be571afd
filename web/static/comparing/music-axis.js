/**
 * One axis for two versions: the music of A, with room in between for what only B has. Pure.
 *
 * A place on the axis ("music") is in seconds. Every piece of it lies in A, in B, or in both, where the two
 * stretches are the same music at whatever speed each plays it.
 *
 * @typedef {"a" | "b"} Side
 * @typedef {[start: number, end: number]} Span seconds of one version
 * @typedef {{a_start: number, a_end: number, b_start: number, b_end: number, confidence?: number}} Segment
 * @typedef {{from: number, to: number, a: Span | null, b: Span | null}} Piece `from` and `to` on the axis
 * @typedef {import("../kit/contract.js").Range} Range
 */

/** Two segments closer than this follow one another. */
const TOUCHING = 0.02;

export class MusicAxis {
  /** @param {Segment[]} segments in the order of A @param {{a: number, b: number}} durations seconds */
  constructor(segments, durations) {
    this.segments = segments;
    this.durations = durations;
    this.pieces = laidOut(inOrder(segments, durations));
    this.length = this.pieces.at(-1)?.to ?? 0;
  }

  /** The place on the axis of a second of one version. @param {Side} side @param {number} seconds */
  toMusic(side, seconds) {
    const piece = this.#nearest(side, seconds);
    const span = piece?.[side];
    if (!piece || !span) return 0;
    return piece.from + share(seconds, span) * (piece.to - piece.from);
  }

  /** The second of one version at a place on the axis; where it has nothing there, where it goes on. @param {Side} side @param {number} music */
  toSide(side, music) {
    const place = this.#placeOf(music);
    const piece = this.pieces[place];
    const span = piece?.[side];
    if (piece && span) return span[0] + share(music, [piece.from, piece.to]) * (span[1] - span[0]);
    const before = this.pieces.slice(0, place).findLast((each) => each[side]);
    return before?.[side]?.[1] ?? this.pieces.find((each) => each[side])?.[side]?.[0] ?? 0;
  }

  /** Whether one version has anything at a place. @param {Side} side @param {number} music */
  has(side, music) {
    return this.pieces[this.#placeOf(music)]?.[side] != null;
  }

  /**
   * What one version plays between two places, null where it plays nothing. Where the parts lie in another
   * order there, the longest stretch that is in one piece.
   * @param {Side} side @param {Range} range on the axis
   * @returns {Range | null}
   */
  within(side, { start, end }) {
    /** @type {Range[]} */
    const runs = [];
    for (const piece of this.pieces) {
      const span = piece[side];
      if (!span || piece.to <= start || piece.from >= end) continue;
      const inside = [Math.max(start, piece.from), Math.min(end, piece.to)].map(
        (music) => span[0] + share(music, [piece.from, piece.to]) * (span[1] - span[0]),
      );
      const [first = 0, last = 0] = inside;
      const run = runs.at(-1);
      if (run && Math.abs(first - run.end) < TOUCHING) run.end = last;
      else if (last > first) runs.push({ start: first, end: last });
    }
    return runs.reduce((best, run) => (length(run) > length(best) ? run : best), runs[0] ?? null);
  }

  /** The stretch of the axis that shows a stretch of one version. @param {Side} side @param {Range} range */
  around(side, { start, end }) {
    const middle = this.#nearest(side, (start + end) / 2);
    const [first, last] = [this.toMusic(side, start), this.toMusic(side, end)];
    if (last > first || !middle) return { start: Math.min(first, last), end: Math.max(first, last) };
    // It begins before and ends behind a part that was moved: keep to the piece in its middle.
    return { start: middle.from, end: middle.to };
  }

  /** @param {number} music */
  #placeOf(music) {
    const found = this.pieces.findIndex((piece) => music < piece.to);
    return found < 0 ? this.pieces.length - 1 : found;
  }

  /** @param {Side} side @param {number} seconds */
  #nearest(side, seconds) {
    /** @type {Piece | undefined} */
    let best;
    let least = Infinity;
    for (const piece of this.pieces) {
      const span = piece[side];
      if (!span) continue;
      const away = seconds < span[0] ? span[0] - seconds : Math.max(0, seconds - span[1]);
      // At a joint the later piece has it: it is the one that begins there.
      if (away < least || (away === least && seconds >= span[0])) [best, least] = [piece, away];
    }
    return best;
  }
}

/** @param {Range | null} range */
const length = (range) => (range ? range.end - range.start : 0);

/** How far into a span, 0 to 1. @param {number} at @param {Span} span */
const share = (at, [start, end]) => (end > start ? Math.min(1, Math.max(0, (at - start) / (end - start))) : 0);

/** @param {Segment[]} segments @param {{a: number, b: number}} durations @returns {Pick<Piece, Side>[]} */
function inOrder(segments, durations) {
  const byA = [...segments].sort((one, other) => one.a_start - other.a_start);
  const onlyB = uncovered(byA.map(({ b_start, b_end }) => [b_start, b_end]), durations.b);
  /** @type {Pick<Piece, Side>[]} */
  const pieces = [];
  let reached = 0;
  for (const { a_start, a_end, b_start, b_end } of byA) {
    if (a_start > reached) pieces.push({ a: [reached, a_start], b: null });
    pieces.push({ a: [a_start, a_end], b: [b_start, b_end] });
    reached = Math.max(reached, a_end);
  }
  if (durations.a > reached) pieces.push({ a: [reached, durations.a], b: null });
  for (const span of onlyB) pieces.splice(placeFor(span, pieces), 0, { a: null, b: span });
  return pieces;
}

/** New music stands right behind what comes before it in B. @param {Span} span @param {Pick<Piece, Side>[]} pieces */
function placeFor([start], pieces) {
  let place = 0;
  let latest = -Infinity;
  pieces.forEach(({ b }, index) => {
    if (b && b[1] <= start + 1e-6 && b[1] > latest) [place, latest] = [index + 1, b[1]];
  });
  return place;
}

/** What no span covers between 0 and the end. @param {Span[]} spans @param {number} end @returns {Span[]} */
function uncovered(spans, end) {
  /** @type {Span[]} */
  const gaps = [];
  let reached = 0;
  for (const [from, to] of [...spans].sort((one, other) => one[0] - other[0])) {
    if (from > reached + 1e-3) gaps.push([reached, from]);
    reached = Math.max(reached, to);
  }
  if (end > reached + 1e-3) gaps.push([reached, end]);
  return gaps;
}

/** @param {Pick<Piece, Side>[]} pieces @returns {Piece[]} */
function laidOut(pieces) {
  let from = 0;
  return pieces.map(({ a, b }) => {
    const [start, end] = a ?? b ?? [0, 0];
    const piece = { from, to: from + (end - start), a, b };
    from = piece.to;
    return piece;
  });
}
