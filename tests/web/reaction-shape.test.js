import assert from "node:assert/strict";
import { test } from "node:test";
import { area, counted, heights, marks, summit } from "../../web/static/feedback/reaction-shape.js";

/** A song of a hundred seconds in a window of 300 pixels. */
const whole = { duration: 100, width: 300, scale: 3, scroll: 0 };
const closer = { duration: 100, width: 300, scale: 30, scroll: 1350 };
const tallest = (points) => points.indexOf(Math.max(...points)) * 3;

test("the curve is highest where the tap was, seen whole and seen closely", () => {
  assert.equal(tallest(heights([50], whole)), 150);
  assert.equal(tallest(heights([50], closer)), 150);
  assert.ok(Math.abs(Math.max(...heights([50], whole)) - 1) < 1e-9);
});

test("taps together are as many times as high", () => {
  assert.ok(Math.abs(Math.max(...heights([50, 50, 50], whole)) - 3) < 1e-9);
  assert.ok(Math.max(...heights([10, 90], whole)) < 1.01);
});

test("taps outside the window leave no trace in it", () => {
  assert.equal(Math.max(...heights([10, 90], closer)), 0);
});

test("full height is the most taps of either side in the whole song, and never a single one", () => {
  assert.equal(summit([[50], []], whole), 2);
  assert.ok(Math.abs(summit([[50, 50, 50], [20]], whole) - 3) < 1e-9);
  assert.equal(summit([[50, 50, 50], [20]], closer), summit([[50, 50, 50], [20]], whole));
  assert.equal(summit([[], []], { duration: 0, width: 0, scale: 1, scroll: 0 }), 2);
});

test("listeners rise over the line and the band hangs under it", () => {
  const ys = (path) => [...path.matchAll(/,(-?[\d.]+)/g)].map(([, y]) => Number(y));
  const [up, down] = [area([50, 50], whole, 2, 34, 30), area([50, 50], whole, 2, 34, -18)];
  assert.deepEqual([Math.min(...ys(up)), Math.max(...ys(up))], [4, 34]);
  assert.deepEqual([Math.min(...ys(down)), Math.max(...ys(down))], [34, 52]);
  assert.equal(area([], whole, 2, 34, 30), "");
});

test("every tap in the window has its mark, of its side's shape", () => {
  assert.equal(marks([10, 50], whole, 34, "dot").match(/M/g).length, 2);
  assert.equal(marks([10, 50], closer, 34, "dot").match(/M/g).length, 1);
  assert.ok(marks([50], whole, 34, "square").includes("h4"));
  assert.ok(!marks([50], whole, 34, "dot").includes("h4"));
  assert.equal(marks(Array(500).fill(50), whole, 34, "dot").match(/M/g).length, 1);
});

test("what a group of taps says, the most frequent first", () => {
  const said = [{ kind: "too-loud" }, { kind: "love" }, { kind: "love" }];
  assert.equal(counted(said, { love: "Love this", "too-loud": "Too loud" }), "2 love this, 1 too loud");
});
