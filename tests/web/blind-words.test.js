import assert from "node:assert/strict";
import { test } from "node:test";

import { ifAllAgree, votedLine } from "../../web/static/comparing/blind-words.js";

test("how many have voted", () => {
  assert.deepEqual([0, 1, 2, 20].map(votedLine), ["Nobody has voted yet", "1 has voted", "2 have voted", "20 have voted"]);
});

test("how sure so many can be at best is what the server says", () => {
  assert.deepEqual([0, 1].map(ifAllAgree), ["", ""]);
  assert.equal(ifAllAgree(2), "Even if all 2 prefer the same, pure chance does that 1 time in 2.");
  assert.equal(ifAllAgree(5), "Even if all 5 prefer the same, pure chance does that 1 time in 16.");
});
