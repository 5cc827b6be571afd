import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BAR_PITCH, clampScroll, closestScale, clustered, contentWidth, fittedScale, follow, levelFor, resized, secondsAt,
  tickSpacing, ticks, xAt, zoomAround,
} from "../../web/static/listening/geometry.js";

const HOURS = 3 * 3600;
const fitted = (duration, width) => ({ duration, width, scale: fittedScale(duration, width), scroll: 0 });

test("a second goes to a pixel and back", () => {
  const view = { duration: 156, width: 1000, scale: 40, scroll: 700 };
  for (const seconds of [17.5, 20, 42.3]) assert.ok(Math.abs(secondsAt(view, xAt(view, seconds)) - seconds) < 1e-9);
});

test("outside the song there are no seconds", () => {
  const view = fitted(156, 1000);
  assert.equal(secondsAt(view, -50), 0);
  assert.equal(secondsAt(view, 2000), 156);
});

test("zooming keeps the second under the pointer where it is", () => {
  const view = fitted(156, 1000);
  const zoomed = zoomAround(view, 4, 640, 700);
  assert.equal(zoomed.scale, view.scale * 4);
  assert.ok(Math.abs(secondsAt(zoomed, 640) - secondsAt(view, 640)) < 1e-9);
});

test("zooming ends at the whole song and at the finest peaks", () => {
  const view = fitted(156, 1000);
  assert.deepEqual(zoomAround(view, 0.1, 500, 700), view);
  assert.equal(zoomAround(view, 1e9, 500, 700).scale, 700);
  assert.equal(zoomAround(zoomAround(view, 50, 900, 700), 0, 900, 700).scroll, 0);
});

test("scrolling stays inside the song", () => {
  const view = zoomAround(fitted(156, 1000), 3, 0, 700);
  assert.equal(clampScroll(view, -10), 0);
  assert.equal(clampScroll(view, 1e9), contentWidth(view) - 1000);
});

test("three hours at the closest look stay within what browsers can lay out", () => {
  const scale = closestScale(HOURS, 400, 48_000 / 256);
  assert.ok(HOURS * scale <= 16_000_000);
  assert.equal(closestScale(75, 1000, 44_100 / 256), (BAR_PITCH * 44_100) / 256);
});

test("a window made wider still shows the whole song, and a closer look stays as close", () => {
  assert.equal(resized(fitted(156, 400), 1000).scale, fittedScale(156, 1000));
  const close = zoomAround(fitted(156, 400), 10, 200, 700);
  assert.equal(resized(close, 1000).scale, close.scale);
});

test("the window turns the page when the play head leaves it", () => {
  const view = { duration: 156, width: 1000, scale: 100, scroll: 2000 };
  assert.equal(follow(view, 25), 2000);
  const turned = follow(view, 31);
  assert.ok(turned > 2000 && xAt({ ...view, scroll: turned }, 31) > 0);
  assert.equal(follow(view, 155.9), contentWidth(view) - 1000);
});

test("the level drawn from has a pair for every bar, and no more than needed", () => {
  const zooms = [256, 1024, 4096, 16_384];
  for (const scale of [0.1, 2, 11, 43, 689]) {
    const samplesPerBar = (44_100 * BAR_PITCH) / scale;
    const level = levelFor(zooms, 44_100, scale);
    assert.ok(zooms[level] <= samplesPerBar || level === 0);
    assert.ok(level === zooms.length - 1 || zooms[level + 1] > samplesPerBar);
  }
});

test("labels on the time scale have room and round values", () => {
  assert.equal(tickSpacing(6, 110), 30);
  assert.equal(tickSpacing(1000, 110), 0.2);
  assert.ok(tickSpacing(0.001, 110) * 0.001 >= 110);
  assert.deepEqual(ticks(fitted(156, 1000), 110), [0, 30, 60, 90, 120, 150]);
});

test("comments that would overlap become one group, in order", () => {
  const comments = [0, 1, 1.5, 30, 31, 90].map((at) => ({ at }));
  const groups = clustered(comments, 6, 28).map((group) => group.map(({ at }) => at));
  assert.deepEqual(groups, [[0, 1, 1.5], [30, 31], [90]]);
  assert.equal(clustered(comments, 600, 28).length, comments.length);
});

test("no two groups are closer than the room they need", () => {
  const comments = Array.from({ length: 300 }, (_, index) => ({ at: index * 0.7 }));
  const starts = clustered(comments, 5, 28).map(([first]) => first.at * 5);
  starts.slice(1).forEach((start, index) => assert.ok(start - starts[index] >= 28));
});
