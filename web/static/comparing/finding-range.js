/**
 * The stretch of the axis to loop for a finding. Pure.
 *
 * @typedef {import("../kit/contract.js").Range} Range
 * @typedef {import("./comparison.js").Finding} Finding
 * @typedef {import("./changes-in-time.js").Stretch} Stretch
 * @typedef {import("./music-axis.js").MusicAxis} MusicAxis
 */

/** Round an edit one wants to hear how it comes and goes. */
const AROUND_EDIT = 3;
/** A shorter loop says nothing. */
const SHORTEST = 3;
const SAME_PLACE = 0.5;

/**
 * @param {Pick<Finding, "start" | "end">} finding @param {MusicAxis} axis @param {Stretch[]} changes
 * @returns {Range | null} null where it is about the whole song
 */
export function rangeOfFinding({ start, end }, axis, changes) {
  if (start === null || end === null) return null;
  const cut = end - start < 0.05 ? changes.find((change) => change.kind === "cut" && at(axis, change, start)) : undefined;
  if (cut) return within(axis, { start: cut.from - AROUND_EDIT, end: cut.to + AROUND_EDIT });
  const range = axis.around("b", { start, end });
  const missing = Math.max(0, SHORTEST - (range.end - range.start)) / 2;
  return within(axis, { start: range.start - missing, end: range.end + missing });
}

/** The stretch of an edit with what comes before and behind. @param {Stretch} change @param {MusicAxis} axis */
export function rangeOfChange({ kind, from, to }, axis) {
  const around = kind === "stretched" ? 0 : AROUND_EDIT;
  return within(axis, { start: from - around, end: to + around });
}

/** Nothing of B lies in a cut: both its ends are one second of B. @param {MusicAxis} axis @param {Stretch} change @param {number} second */
const at = (axis, { from, to }, second) => Math.abs(axis.toSide("b", (from + to) / 2) - second) < SAME_PLACE;

/** @param {MusicAxis} axis @param {Range} range */
const within = (axis, { start, end }) => ({ start: Math.max(0, start), end: Math.min(axis.length, end) });
