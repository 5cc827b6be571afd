/**
 * Decisions of the player that need no audio element. Pure.
 *
 * @typedef {import("../kit/contract.js").Rendition} Rendition
 * @typedef {import("../kit/contract.js").Range} Range
 */

/**
 * What to play, the best first: small on a phone or where data is dear, else untouched. Of the two small copies the one
 * in Opus sounds better.
 * @param {Rendition[]} available @param {{sparing: boolean, playsOpus: boolean}} here
 * @returns {Rendition[]}
 */
export function renditionsInOrder(available, { sparing, playsOpus }) {
  /** @type {Rendition[]} */
  const small = playsOpus ? ["opus", "small"] : ["small"];
  /** @type {Rendition[]} */
  const wished = sparing ? [...small, "original", "lossless"] : ["original", "lossless", ...small];
  return wished.filter((rendition) => available.includes(rendition));
}

/**
 * Where a loop jumps to, null while it need not. Only the crossing of the end counts: who seeks past the
 * end wants to hear what is there.
 * @param {number} before @param {number} now @param {Range | null} range
 */
export function loopTarget(before, now, range) {
  if (!range || range.end - range.start < 0.05) return null;
  return before < range.end && before >= range.start - 0.05 && now >= range.end ? range.start : null;
}

/**
 * The versions offered side by side: those of this stage; when there is just one, the one before it too,
 * since there is nothing to hear without something to hear it against.
 * @template {{id: string, number: number, stage: string}} T
 * @param {T[]} versions by number @param {T | undefined} current
 * @returns {T[]}
 */
export function sideBySide(versions, current) {
  if (!current) return versions.slice(-2);
  const stage = versions.filter((version) => version.stage === current.stage);
  if (stage.length > 1) return stage.slice(-9);
  const before = versions.filter((version) => version.number < current.number).at(-1);
  return before ? [before, current] : [current];
}
