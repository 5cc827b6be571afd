import assert from "node:assert/strict";
import { test } from "node:test";
import { extent, loudest, pooled, pyramid, readHeader, readPairs } from "../../web/static/listening/peaks.js";
import { PeakSource } from "../../web/static/listening/peak-source.js";

/** A `.dat` file as audiowaveform writes it. */
function dat(pairs, { version = 2, flags = 1, rate = 44_100, samples = 256, channels = 1 } = {}) {
  const bytes = version === 2 ? 24 : 20;
  const buffer = new ArrayBuffer(bytes + pairs.length);
  const view = new DataView(buffer);
  [version, flags, rate, samples, pairs.length / 2].forEach((value, place) => view.setInt32(place * 4, value, true));
  if (version === 2) view.setInt32(20, channels, true);
  new Int8Array(buffer, bytes).set(pairs);
  return buffer;
}

/** Pair n reaches from -(n % 100) to n % 100: every place can be told from its neighbours. */
const ramp = (count) => Int8Array.from({ length: count * 2 }, (_, index) => ((index >> 1) % 100) * (index % 2 ? 1 : -1));

test("both versions of the format are read", () => {
  const pairs = Int8Array.of(-3, 5, -100, 127);
  for (const version of [1, 2]) {
    const buffer = dat(pairs, { version });
    const header = readHeader(buffer);
    assert.equal(header.sampleRate, 44_100);
    assert.equal(header.samplesPerPixel, 256);
    assert.equal(header.length, 2);
    assert.deepEqual([...readPairs(buffer, header)], [...pairs]);
  }
});

test("what cannot be drawn is refused with a sentence", () => {
  assert.throws(() => readHeader(new ArrayBuffer(8)), /cut short/);
  assert.throws(() => readHeader(dat(ramp(2), { version: 3 })), /format 3/);
  assert.throws(() => readHeader(dat(ramp(2), { flags: 0 })), /8 bit/);
  assert.throws(() => readHeader(dat(ramp(2), { channels: 2 })), /one channel/);
});

test("a file cut short gives the pairs that are there", () => {
  const buffer = dat(ramp(10)).slice(0, 24 + 7);
  assert.equal(readPairs(buffer, readHeader(buffer)).length, 6);
});

test("pooling keeps the lowest and the highest", () => {
  const pairs = Int8Array.of(-1, 2, -9, 3, -4, 8, 0, 0, -2, 1);
  assert.deepEqual([...pooled(pairs)], [-9, 8, -2, 1]);
});

test("every level of the pyramid has the same extent as the whole", () => {
  const pairs = ramp(40_000);
  const levels = pyramid(pairs, 256);
  assert.ok(levels.at(-1).pairs.length / 2 <= 512);
  for (const level of levels) assert.deepEqual(extent(level.pairs, 0, level.pairs.length / 2), [-99, 99]);
  assert.equal(loudest(levels.at(-1).pairs), 99);
});

test("nothing is silence", () => {
  assert.deepEqual(extent(ramp(4), 9, 12), [0, 0]);
});

/** A server of one recording at several levels, which remembers what was asked of it. */
function server(count, zooms, { ranges = true } = {}) {
  const files = [];
  for (let pairs = ramp(count), level = 0; level < zooms.length; level += 1, pairs = pooled(pairs)) {
    files.push(dat(pairs, { samples: zooms[level] }));
  }
  const asked = [];
  const load = async (address, { headers } = {}) => {
    const [, first, last] = /bytes=(\d+)-(\d+)/.exec(headers?.range ?? "") ?? [];
    asked.push({ zoom: Number(address), range: headers?.range });
    const file = files[Number(address)];
    return first && ranges
      ? new Response(file.slice(Number(first), Number(last) + 1), { status: 206 })
      : new Response(file);
  };
  return { asked, source: new PeakSource((zoom) => String(zoom), zooms, load) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

test("the first request is for the coarsest level that fills the width", async () => {
  const { asked, source } = server(100_000, [256, 1024, 4096, 16_384]);
  await source.open((100_000 * 256) / 44_100, 250);
  assert.deepEqual(asked, [{ zoom: 3, range: undefined }]);
});

for (const ranges of [true, false]) {
  test(`a closer look fetches just a window ${ranges ? "by range" : "even where ranges are not known"}`, async () => {
    const { asked, source } = server(400_000, [256, 1024, 4096], { ranges });
    const duration = (400_000 * 256) / 44_100;
    await source.open(duration, 250);
    const seconds = (pair) => (pair * 256) / 44_100;
    const look = () => source.reader(seconds(200_000), seconds(200_200), 689);
    const coarse = look()(seconds(200_050), seconds(200_051));
    assert.deepEqual(coarse, [-63, 63], "until then the overview is shown: 16 pairs in one");
    await settled();
    assert.equal(asked.length, 2);
    assert.equal(asked[1].zoom, 0);
    assert.match(asked[1].range, /bytes=\d+-\d+/);
    assert.deepEqual(look()(seconds(200_050), seconds(200_051)), [-50, 50]);
    assert.equal(asked.length, 2, "what is here is not fetched again");
  });
}

test("a window that could not be fetched is asked for again", async () => {
  const { source } = server(400_000, [256, 1024, 4096]);
  await source.open((400_000 * 256) / 44_100, 250);
  const load = source.load;
  let failures = 0;
  source.load = async () => {
    failures += 1;
    throw new TypeError("offline");
  };
  source.reader(10, 11, 689);
  await settled();
  source.load = load;
  source.reader(10, 11, 689);
  await settled();
  assert.equal(failures, 1);
  const pair = (place) => (place * 256) / 44_100;
  assert.deepEqual(source.reader(10, 11, 689)(pair(1750), pair(1751)), [-50, 50]);
});

/** The quickest of several runs: what else the machine does then hardly counts. */
function milliseconds(action) {
  const runs = Array.from({ length: 7 }, () => {
    const began = performance.now();
    action();
    return performance.now() - began;
  });
  return Math.min(...runs);
}

test("no frame walks through all pairs of three hours", async () => {
  const count = 1_860_000;
  const { source } = server(count, [256]);
  const duration = (count * 256) / 44_100;
  await source.open(duration, 250);
  const read = source.reader(0, duration, 1000 / duration);
  const frame = milliseconds(() => {
    for (let bar = 0; bar < 250; bar += 1) read((bar * duration) / 250, ((bar + 1) * duration) / 250);
  });
  const everything = ramp(count);
  const whole = milliseconds(() => extent(everything, 0, count));
  assert.ok(frame < whole / 5, `a frame took ${frame} ms, all pairs ${whole} ms`);
});
