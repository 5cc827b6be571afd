import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, clockSpan, clockTenths, day, parseClock, spokenClock } from "../../web/static/kit/clock.js";

test("seconds are written as a clock", () => {
  assert.equal(clock(0), "0:00");
  assert.equal(clock(83.2), "1:23");
  assert.equal(clock(59.999), "0:59");
  assert.equal(clock(3725), "1:02:05");
  assert.equal(clock(-3), "0:00");
});

test("tenths are cut, so that the clock never runs ahead of the music", () => {
  assert.equal(clockTenths(83.29), "1:23.2");
  assert.equal(clockTenths(59.99), "0:59.9");
  assert.equal(clockTenths(0.3), "0:00.3");
});

test("a range shows both its ends and a moment just one", () => {
  assert.equal(clockSpan(88, 106), "1:28 – 1:46");
  assert.equal(clockSpan(88, null), "1:28");
});

test("a screen reader hears whole words", () => {
  assert.equal(spokenClock(62.9), "1 minute 2 seconds");
  assert.equal(spokenClock(3661), "1 hour 1 minute 1 second");
  assert.equal(spokenClock(0), "0 seconds");
});

test("what people type as a time is understood", () => {
  assert.equal(parseClock("1:23.4"), 83.4);
  assert.equal(parseClock(" 83,4 "), 83.4);
  assert.equal(parseClock("1:02:03"), 3723);
  assert.equal(parseClock("90"), 90);
});

test("what is no time is refused", () => {
  for (const text of ["", "abc", "1:75", "1:60:00", "1::2", "-3", "1:2:3:4"]) assert.equal(parseClock(text), null, text);
});

test("every time written by the clock is read back", () => {
  for (const seconds of [0, 7, 59, 60, 83, 3599, 3600, 10_799]) assert.equal(parseClock(clock(seconds)), seconds);
});

test("a timestamp is written as people write it", () => {
  const now = new Date(2026, 4, 12, 18, 0);
  assert.equal(day(new Date(2026, 4, 12, 14, 5).toISOString(), now), "today 14:05");
  assert.equal(day(new Date(2026, 4, 11, 9, 30).toISOString(), now), "yesterday 09:30");
  assert.equal(day(new Date(2026, 3, 2, 9, 30).toISOString(), now), "2 April 2026");
});
