/**
 * Reads BBC audiowaveform `.dat` files, version 1 and 2, 8 bit, one channel.
 * Format: https://github.com/bbc/audiowaveform/blob/master/doc/DataFormat.md
 *
 * @typedef {{version: number, sampleRate: number, samplesPerPixel: number, length: number, channels: number,
 *   bytes: number}} Header `length` counts min/max pairs, `bytes` is the size of the header itself
 */

const SIXTEEN_BIT_FLAG_UNSET = 1;
/** How many pairs of one level become one pair of the next. */
const POOL = 4;
/** A level this short is cheap to walk through whole. */
const SHORT = 512;

/** @param {ArrayBuffer} buffer @returns {Header} */
export function readHeader(buffer) {
  if (buffer.byteLength < 20) throw new Error("The waveform is cut short.");
  const view = new DataView(buffer);
  const version = view.getInt32(0, true);
  if (version !== 1 && version !== 2) throw new Error(`Waveform format ${version} is not known here.`);
  if ((view.getUint32(4, true) & 1) !== SIXTEEN_BIT_FLAG_UNSET) throw new Error("The waveform is not 8 bit.");
  const channels = version === 2 ? view.getInt32(20, true) : 1;
  if (channels !== 1) throw new Error("The waveform has more than one channel.");
  const [sampleRate, samplesPerPixel, length] = [8, 12, 16].map((at) => view.getUint32(at, true));
  return {
    version,
    sampleRate: sampleRate ?? 0,
    samplesPerPixel: samplesPerPixel ?? 0,
    length: length ?? 0,
    channels,
    bytes: version === 2 ? 24 : 20,
  };
}

/** The pairs that follow the header: min, max, min, max… @param {ArrayBuffer} buffer @param {Header} header */
export function readPairs(buffer, header) {
  const pairs = Math.min(header.length, Math.floor((buffer.byteLength - header.bytes) / 2));
  return new Int8Array(buffer, header.bytes, pairs * 2);
}

/** Pools pairs, four into one. @param {Int8Array} pairs */
export function pooled(pairs) {
  const count = pairs.length / 2;
  const out = new Int8Array(Math.ceil(count / POOL) * 2);
  for (let pair = 0; pair < count; pair += POOL) {
    const [low, high] = extent(pairs, pair, Math.min(pair + POOL, count));
    out[(pair / POOL) * 2] = low;
    out[(pair / POOL) * 2 + 1] = high;
  }
  return out;
}

/**
 * Coarser and coarser levels of the same pairs, made once, so that no frame ever walks through all of them.
 * @param {Int8Array} pairs
 * @param {number} samplesPerPixel
 * @returns {{samplesPerPixel: number, pairs: Int8Array}[]} the given level first
 */
export function pyramid(pairs, samplesPerPixel) {
  const levels = [{ samplesPerPixel, pairs }];
  for (let last = pairs, samples = samplesPerPixel; last.length / 2 > SHORT; ) {
    last = pooled(last);
    samples *= POOL;
    levels.push({ samplesPerPixel: samples, pairs: last });
  }
  return levels;
}

/**
 * Lowest and highest of the pairs `first` (inclusive) to `end` (exclusive).
 * @param {Int8Array} pairs @param {number} first @param {number} end
 * @returns {[number, number]}
 */
export function extent(pairs, first, end) {
  let low = 127;
  let high = -128;
  const stop = Math.min(end, pairs.length / 2) * 2;
  for (let index = Math.max(0, first) * 2; index < stop; index += 2) {
    low = Math.min(low, pairs[index] ?? 0);
    high = Math.max(high, pairs[index + 1] ?? 0);
  }
  return low > high ? [0, 0] : [low, high];
}

/** The loudest value in a level, 0 to 128. @param {Int8Array} pairs */
export function loudest(pairs) {
  const [low, high] = extent(pairs, 0, pairs.length / 2);
  return Math.max(-low, high);
}
