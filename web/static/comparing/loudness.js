/**
 * Equal loudness: one constant gain for the whole song, and always the louder side turned down, so that nothing
 * can clip. Pure.
 */

/**
 * @param {number | null} matchedGainDb what would make B as loud as A
 * @returns {{a: number, b: number}} dB, none above 0
 */
export function equalGains(matchedGainDb) {
  const gain = matchedGainDb ?? 0;
  return { a: Math.min(0, -gain), b: Math.min(0, gain) };
}

/** @param {number} db */
export const fromDecibels = (db) => 10 ** (db / 20);

/** −1.6, with the minus that people write. @param {number} value @param {number} [digits] */
export function signed(value, digits = 1) {
  const rounded = Number(value.toFixed(digits));
  const size = Math.abs(rounded).toFixed(digits);
  return rounded > 0 ? `+${size}` : rounded < 0 ? `−${size}` : size;
}
