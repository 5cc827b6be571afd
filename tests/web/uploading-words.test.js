import assert from "node:assert/strict";
import { test } from "node:test";
import { percent, sentOf, sizeInWords, timeLeft } from "../../web/static/uploading/words.js";

test("sizes are said in the unit people know", () => {
  assert.equal(sizeInWords(0), "0 kB");
  assert.equal(sizeInWords(12), "1 kB");
  assert.equal(sizeInWords(640_000), "640 kB");
  assert.equal(sizeInWords(12_430_000), "12.4 MB");
  assert.equal(sizeInWords(2_000_000_000), "2.00 GB");
  assert.equal(sentOf(12_400_000, 85_000_000), "12.4 MB of 85.0 MB");
});

test("a hundred per cent is never said too early", () => {
  assert.equal(percent(999_999, 1_000_000), 99);
  assert.equal(percent(1_000_000, 1_000_000), 100);
  assert.equal(percent(1_100_000, 1_000_000), 100);
  assert.equal(percent(0, 0), 0);
});

test("the time left is said as coarsely as it is known", () => {
  assert.equal(timeLeft(null), "");
  assert.equal(timeLeft(3), "a few seconds left");
  assert.equal(timeLeft(30), "less than a minute left");
  assert.equal(timeLeft(70), "about a minute left");
  assert.equal(timeLeft(125), "about 2 minutes left");
  assert.equal(timeLeft(3600), "about 1 hour left");
  assert.equal(timeLeft(3600 + 22 * 60), "about 1 hour 20 minutes left");
  assert.equal(timeLeft(3600 + 57 * 60), "about 2 hours left");
});
