/**
 * What an answer says, in words. Pure.
 *
 * @typedef {import("../kit/contract.js").QuestionKind} QuestionKind
 */

/** @type {Record<QuestionKind, string>} */
export const KINDS = {
  moment: "a moment, tapped while it plays",
  pad: "a place: left or right, near or far",
  slider: "a loudness, from too quiet to too loud",
  words: "free words",
};

/** @param {number} across -1 left to 1 right @param {number} away 0 near to 1 far */
export function placeWords(across, away) {
  const side = across < 0 ? "left" : "right";
  const where = Math.abs(across) < 0.15 ? "in the middle" : `${Math.abs(across) < 0.5 ? "a little" : "far"} ${side}`;
  return `${where}, ${away < 1 / 3 ? "near" : away < 2 / 3 ? "halfway back" : "far back"}`;
}

/** @param {number} loudness -100 to 100 */
export function loudnessWords(loudness) {
  if (Math.abs(loudness) <= 20) return "just right";
  return `${Math.abs(loudness) > 60 ? "much" : "a little"} too ${loudness < 0 ? "quiet" : "loud"}`;
}
