import assert from "node:assert/strict";
import { test } from "node:test";
import { Pace } from "../../web/static/uploading/pace.js";

/** @param {Pace} pace @param {number} from @param {number} bytesPerSecond @param {number} seconds @param {number} sent */
function run(pace, from, bytesPerSecond, seconds, sent = 0) {
  for (let step = 0; step <= seconds * 10; step++) pace.note(sent + (bytesPerSecond * step) / 10, from + step * 100);
}

test("no guess is made from the first moment alone", () => {
  const pace = new Pace();
  run(pace, 0, 1_000_000, 1);
  assert.equal(pace.secondsLeft(100_000_000), null);
});

test("a steady line gives the true time left", () => {
  const pace = new Pace();
  run(pace, 0, 1_000_000, 5);
  assert.ok(Math.abs((pace.secondsLeft(65_000_000) ?? 0) - 60) < 0.01);
});

test("a line that became slower is believed within seconds", () => {
  const pace = new Pace();
  run(pace, 0, 10_000_000, 60);
  run(pace, 60_000, 1_000_000, 15, 600_000_000);
  const left = pace.secondsLeft(715_000_000) ?? 0;
  assert.ok(left > 95 && left < 105, `${left}`);
});

test("after a pause the time before it is not counted", () => {
  const pace = new Pace();
  run(pace, 0, 1_000_000, 5);
  pace.forget();
  pace.note(5_000_000, 600_000);
  assert.equal(pace.secondsLeft(65_000_000), null);
});

test("a line that stands still has no time left to tell", () => {
  const pace = new Pace();
  pace.note(1000, 0);
  pace.note(1000, 5000);
  assert.equal(pace.secondsLeft(2000), null);
});
