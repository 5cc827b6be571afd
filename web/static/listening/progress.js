/** @typedef {import("../kit/contract.js").Version} Version */

/** @type {Record<string, string>} */
const STEPS = {
  measuring: "Measuring",
  lossless: "Making it playable in every browser",
  small: "Making a small copy for phones",
};

/** What is being done with a version, as a sentence; empty when it is ready. @param {Version} version */
export function describeProgress({ status, error, progress }) {
  if (status === "ready") return "";
  if (status === "failed") return error ?? "This file could not be prepared.";
  if (!progress) return "Waiting to be measured…";
  const percent = Math.round(progress.fraction * 100);
  return `${STEPS[progress.step] ?? "Preparing"}… ${percent} %`;
}
