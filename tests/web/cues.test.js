import assert from "node:assert/strict";
import { test } from "node:test";
import { cuesUnder, entered, LINGER, neighbour } from "../../web/static/listening/cues.js";

const cue = (id, at, until = null) => ({ id, at, until });
const CUES = [cue("intro", 0), cue("verse", 17), cue("same", 17), cue("bridge", 88, 106), cue("end", 140)];

test("a comment is under the play head from its second on, for a while", () => {
  assert.deepEqual(cuesUnder(CUES, 16.9), []);
  assert.deepEqual(cuesUnder(CUES, 17), ["verse", "same"]);
  assert.deepEqual(cuesUnder(CUES, 17 + LINGER - 0.01), ["verse", "same"]);
  assert.deepEqual(cuesUnder(CUES, 17 + LINGER), []);
});

test("a comment about a range is under the play head for all of it", () => {
  assert.deepEqual(cuesUnder(CUES, 105.9), ["bridge"]);
  assert.deepEqual(cuesUnder(CUES, 106), []);
});

test("a range shorter than the while lasts the while", () => {
  assert.deepEqual(cuesUnder([cue("hit", 10, 10.2)], 12), ["hit"]);
});

test("only what is new has been entered", () => {
  assert.deepEqual(entered(["a"], ["a", "b"]), ["b"]);
  assert.deepEqual(entered(["a", "b"], ["b"]), []);
});

test("jumping goes to the next comment, and back over the one just reached", () => {
  assert.equal(neighbour(CUES, 17, 1)?.id, "bridge");
  assert.equal(neighbour(CUES, 88.4, -1)?.id, "same");
  assert.equal(neighbour(CUES, 150, 1), undefined);
  assert.equal(neighbour(CUES, 0, -1), undefined);
});
