import assert from "node:assert/strict";
import { test } from "node:test";
import { HeardParts } from "../../web/static/listening/heard-parts.js";

/** Plays from one second to another in steps, in real time. */
function play(heard, from, to, { step = 0.25, start = 0 } = {}) {
  let now = start;
  for (let at = from; at <= to + 1e-9; at += step, now += step * 1000) heard.note(at, true, now);
  heard.note(to, false, now);
  return now;
}

test("what plays is heard, in one part", () => {
  const heard = new HeardParts();
  play(heard, 0, 10);
  assert.deepEqual(heard.parts, [[0, 10]]);
  assert.equal(heard.seconds, 10);
});

test("a jump is not heard, forwards or back, and what plays twice counts once", () => {
  const heard = new HeardParts();
  let now = play(heard, 0, 5);
  now = play(heard, 20, 25, { start: now + 10 });
  play(heard, 3, 6, { start: now + 10 });
  assert.deepEqual(heard.parts, [[0, 6], [20, 25]]);
});

test("a jump while it plays is not heard either", () => {
  const heard = new HeardParts();
  for (const [at, now] of [[0, 0], [0.25, 250], [2.5, 300], [2.75, 550]]) heard.note(at, true, now);
  assert.deepEqual(heard.parts, [[0, 0.25], [2.5, 2.75]]);
});

test("a window in the background is told less often, and its music counts", () => {
  const heard = new HeardParts();
  play(heard, 0, 12, { step: 2 });
  assert.deepEqual(heard.parts, [[0, 12]]);
});

test("nothing is heard while it stands still or is moved by hand", () => {
  const heard = new HeardParts();
  for (const [at, now] of [[0, 0], [1, 1000], [2, 2000]]) heard.note(at, false, now);
  assert.deepEqual(heard.parts, []);
});

test("it goes on from what was kept before a reload", () => {
  const heard = new HeardParts([[0, 4]]);
  play(heard, 4.2, 8);
  assert.deepEqual(heard.parts, [[0, 8]]);
});
