import assert from "node:assert/strict";
import { test } from "node:test";
import { loopTarget, renditionsInOrder, sideBySide } from "../../web/static/listening/playback.js";
import { describeProgress } from "../../web/static/listening/progress.js";
import { keyTarget, keyZoom } from "../../web/static/listening/waveform-keys.js";

const phone = { sparing: true, playsOpus: true };
const desk = { sparing: false, playsOpus: true };

test("a phone gets the small file and everybody else the untouched one", () => {
  assert.deepEqual(renditionsInOrder(["original", "lossless", "small"], phone), ["small", "original", "lossless"]);
  assert.deepEqual(renditionsInOrder(["small", "lossless", "original"], desk), ["original", "lossless", "small"]);
});

test("of the small ones Opus comes first, and not at all where it is not played", () => {
  assert.deepEqual(renditionsInOrder(["original", "opus", "small"], phone), ["opus", "small", "original"]);
  assert.deepEqual(renditionsInOrder(["original", "opus", "small"], desk), ["original", "opus", "small"]);
  const old = { sparing: true, playsOpus: false };
  assert.deepEqual(renditionsInOrder(["original", "opus", "small"], old), ["small", "original"]);
});

test("what is not ready is not chosen", () => {
  assert.deepEqual(renditionsInOrder(["lossless"], phone), ["lossless"]);
  assert.deepEqual(renditionsInOrder([], desk), []);
});

test("a loop jumps back when the play head crosses its end", () => {
  const range = { start: 70, end: 80 };
  assert.equal(loopTarget(79.98, 80.01, range), 70);
  assert.equal(loopTarget(79.9, 79.95, range), null);
});

test("who seeks past the loop hears what is there", () => {
  assert.equal(loopTarget(95, 95.02, { start: 70, end: 80 }), null);
  assert.equal(loopTarget(10, 80.5, { start: 70, end: 80 }), null);
  assert.equal(loopTarget(1, 2, null), null);
});

test("the versions of a stage stand side by side, and a lone one beside the one before", () => {
  const version = (number, stage) => ({ id: `v${number}`, number, stage });
  const versions = [version(1, "editing"), version(2, "mixing"), version(3, "mixing"), version(4, "mastering")];
  const beside = (current) => sideBySide(versions, current).map(({ number }) => number);
  assert.deepEqual(beside(versions[1]), [2, 3]);
  assert.deepEqual(beside(versions[3]), [3, 4]);
  assert.deepEqual(beside(versions[0]), [1]);
  assert.deepEqual(beside(undefined), [3, 4]);
});

test("progress is said in words and percent", () => {
  const version = { status: "preparing", error: null, progress: { step: "measuring", fraction: 0.4 } };
  assert.equal(describeProgress(version), "Measuring… 40 %");
  assert.equal(describeProgress({ ...version, progress: null }), "Waiting to be measured…");
  assert.equal(describeProgress({ ...version, status: "ready" }), "");
  assert.equal(describeProgress({ ...version, status: "failed", error: "There is no sound in it." }), "There is no sound in it.");
});

test("arrow keys move by one second, with Shift by five, and stay in the song", () => {
  const key = (name, shiftKey = false) => keyTarget({ key: name, shiftKey }, 62.4, 63);
  assert.equal(key("ArrowLeft"), 61.4);
  assert.equal(key("ArrowLeft", true), 57.4);
  assert.equal(key("ArrowRight", true), 63);
  assert.equal(key("Home"), 0);
  assert.equal(key("End"), 63);
  assert.equal(key("x"), undefined);
});

test("plus comes closer, minus goes away, zero shows all", () => {
  assert.equal(keyZoom({ key: "+" }), 2);
  assert.equal(keyZoom({ key: "-" }), 0.5);
  assert.equal(keyZoom({ key: "0" }), 0);
  assert.equal(keyZoom({ key: "a" }), undefined);
});
