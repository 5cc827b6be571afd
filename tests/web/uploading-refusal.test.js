import assert from "node:assert/strict";
import { test } from "node:test";
import { mayPass, refusalOf, sentenceFrom, waitBefore } from "../../web/static/uploading/refusal.js";

const LIMIT = { bytes: 2_000_000_000, words: "2 GB" };

test("what cannot be a version is told before it is sent", () => {
  assert.equal(refusalOf({ name: "a.wav", size: 0, type: "audio/wav" }, LIMIT), "This file is empty.");
  assert.equal(
    refusalOf({ name: "a.wav", size: 2_500_000_000, type: "audio/wav" }, LIMIT),
    "This file is too big: it has 2.50 GB, and 2 GB is the most.",
  );
  assert.equal(refusalOf({ name: "a.png", size: 10, type: "image/png" }, LIMIT), "This is not a sound recording.");
});

test("what may be a recording is left to the server", () => {
  assert.equal(refusalOf({ name: "take", size: 10, type: "" }, LIMIT), null);
  assert.equal(refusalOf({ name: "clip.mp4", size: 10, type: "video/mp4" }, LIMIT), null);
  assert.equal(refusalOf({ name: "a.wav", size: 2_000_000_000, type: "audio/wav" }, LIMIT), null);
  assert.equal(refusalOf({ name: "a.wav", size: 9e12, type: "audio/wav" }, { bytes: 0, words: "" }), null);
});

test("the server's own sentence is shown", () => {
  const body = JSON.stringify({ error: { code: "no_audio", message: "This file holds no sound.", details: {} } });
  assert.equal(sentenceFrom(422, body), "This file holds no sound.");
});

test("an answer of something in between still becomes a sentence", () => {
  assert.equal(sentenceFrom(413, "<html>nginx</html>"), "This file is too big for the server.");
  assert.equal(sentenceFrom(418, ""), "The server did not take this file (418).");
  assert.equal(sentenceFrom(422, "null"), "The server did not take this file (422).");
});

test("only what may pass is tried again", () => {
  for (const status of [0, 409, 423, 429, 500, 502, 503]) assert.ok(mayPass(status), `${status}`);
  for (const status of [400, 401, 403, 404, 413, 415, 422]) assert.ok(!mayPass(status), `${status}`);
});

test("the waits grow, end at half a minute, and differ between people", () => {
  assert.equal(waitBefore(0, 0.5), 1000);
  assert.equal(waitBefore(3, 0.5), 8000);
  assert.ok(waitBefore(40, 1) <= 30_000);
  assert.ok(waitBefore(2, 0) < waitBefore(2, 1));
});
