import assert from "node:assert/strict";
import { test } from "node:test";

import { equalGains, signed } from "../../web/static/comparing/loudness.js";
import { MusicAxis } from "../../web/static/comparing/music-axis.js";

const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);
const segment = (a_start, a_end, b_start, b_end) => ({ a_start, a_end, b_start, b_end });
/** Four bars of 10 s: B begins 2 s later, leaves out 10 to 18, and plays the end a tenth slower. */
const song = () => new MusicAxis([segment(0, 10, 2, 12), segment(18, 38, 12, 34)], { a: 40, b: 34 });

test("what only B has stands in between, and the axis is longer by it", () => {
  const axis = song();
  near(axis.length, 42);
  assert.deepEqual(axis.pieces[0], { from: 0, to: 2, a: null, b: [0, 2] });
  near(axis.toMusic("a", 0), 2);
  near(axis.toMusic("b", 1), 1);
  near(axis.toSide("a", 1), 0);
});

test("the same place in the music is another second in the other version", () => {
  const axis = song();
  near(axis.toSide("b", axis.toMusic("a", 5)), 7);
  near(axis.toSide("b", axis.toMusic("a", 28)), 23);
  near(axis.toSide("a", axis.toMusic("b", 23)), 28);
});

test("inside a cut B stays where it goes on", () => {
  const axis = song();
  near(axis.toSide("b", axis.toMusic("a", 14)), 12);
  assert.equal(axis.has("b", axis.toMusic("a", 14)), false);
  assert.equal(axis.has("a", axis.toMusic("a", 14)), true);
});

test("a range is what each version plays in it", () => {
  const axis = song();
  const around = axis.around("a", { start: 6, end: 20 });
  assert.deepEqual(axis.within("a", around), { start: 6, end: 20 });
  const { start, end } = axis.within("b", around);
  near(start, 8);
  near(end, 14.2);
  assert.equal(axis.within("b", axis.around("a", { start: 11, end: 17 })), null);
});

test("a part that was moved is found at its new place, and a range keeps to one piece of it", () => {
  const axis = new MusicAxis([segment(0, 10, 0, 10), segment(10, 18, 20, 28), segment(18, 28, 10, 20)], { a: 28, b: 28 });
  near(axis.toSide("b", axis.toMusic("a", 12)), 22);
  near(axis.toMusic("b", 15), 23);
  assert.deepEqual(axis.within("b", { start: 8, end: 16 }), { start: 20, end: 26 });
  const moved = axis.around("b", { start: 19, end: 23 });
  assert.ok(moved.end > moved.start);
});

test("at a joint the part that begins there has it", () => {
  const axis = new MusicAxis([segment(0, 10, 0, 10), segment(18, 28, 10, 20)], { a: 28, b: 20 });
  near(axis.toMusic("b", 10), 18);
});

test("two recordings with nothing in common stand one after the other", () => {
  const axis = new MusicAxis([], { a: 10, b: 5 });
  near(axis.length, 15);
  assert.equal(axis.within("b", axis.around("a", { start: 2, end: 6 })), null);
  assert.equal(new MusicAxis([], { a: 0, b: 0 }).toSide("a", 3), 0);
});

test("the louder side is turned down, never the other one up", () => {
  assert.deepEqual(equalGains(-1.6), { a: 0, b: -1.6 });
  assert.deepEqual(equalGains(2), { a: -2, b: 0 });
  assert.equal(equalGains(null).b, 0);
});

test("numbers carry the sign that people write", () => {
  assert.deepEqual([signed(-1.62), signed(1.62), signed(-0.04), signed(3, 0)], ["−1.6", "+1.6", "0.0", "+3"]);
});
