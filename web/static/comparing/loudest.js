/**
 * @typedef {import("../listening/peak-source.js").PeakSource} PeakSource
 * @typedef {import("../kit/contract.js").Range} Range
 */

/** Where the peaks are highest for `seconds` on end: a chorus, most of the time. @param {PeakSource | undefined} source @param {number} duration @param {number} seconds @returns {Range} */
export function loudestStretch(source, duration, seconds) {
  const length = Math.min(seconds, duration);
  if (!source || duration <= seconds) return { start: 0, end: length };
  const read = source.reader(0, duration, 1);
  const heights = Array.from({ length: Math.floor(duration) }, (_, second) => {
    const [low, high] = read(second, second + 1);
    return high - low;
  });
  let best = 0;
  let most = -1;
  for (let start = 0; start + length <= heights.length; start += 1) {
    const sum = heights.slice(start, start + length).reduce((total, height) => total + height, 0);
    if (sum > most) [best, most] = [start, sum];
  }
  return { start: best, end: best + length };
}
