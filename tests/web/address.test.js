import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, placeIn } from "../../web/static/songs/address.js";
import { loudnessLine } from "../../web/static/songs/version-view.js";

test("an address leads back to its place", () => {
  const place = { version: 8, at: 83.2, comment: "c1", show: "done" };
  assert.deepEqual(placeIn(new URL(addressOf("/r/secret", place), "http://x").search), place);
});

test("an address says no more than it has to", () => {
  assert.equal(addressOf("/songs/1", {}), "/songs/1");
  assert.equal(addressOf("/songs/1", { show: "open" }), "/songs/1");
  assert.equal(addressOf("/songs/1", { version: 3, at: 12.3456 }), "/songs/1?v=3&t=12.3");
});

test("nonsense in an address is left aside", () => {
  assert.deepEqual(placeIn("?v=abc&t=-4"), { version: null, at: null, comment: null, show: null });
});

test("loudness is written with a real minus, and unknown figures are left out", () => {
  const loudness = { integrated_lufs: -13.84, true_peak_dbtp: -1.1, range_lu: 7.2 };
  assert.equal(loudnessLine({ loudness }), "−13.8 LUFS · −1.1 dBTP · 7.2 LU");
  assert.equal(loudnessLine({ loudness: { ...loudness, true_peak_dbtp: null } }), "−13.8 LUFS · 7.2 LU");
  assert.equal(loudnessLine({ loudness: null }), "");
});
