import assert from "node:assert/strict";
import test from "node:test";

import { countByVersion, heard, seen, takenOver, unreadIn, unreadOf, unseen } from "../../web/static/feedback/unread.js";

const item = (number, more = {}) => ({ comment: `c${number}`, version: "v1", thread: `c${number}`, seq: number, mention: false, ...more });
const list = (revision, seq, ...numbers) => ({ song: "s", seq, revision, unread: numbers.map((number) => item(number)) });
const event = (seq, more = {}, type = "comment.added") => ({
  seq, type, song: "s",
  comment: { id: `c${seq}`, version: "v1", reply_to: null, author: { id: "ada" }, removed: false, seq, ...more },
});
const numbers = (state) => unreadIn(state).map(({ seq }) => seq);

test("what others say is new, and one's own is not", () => {
  let state = unreadOf(list(0, 3, 2));
  state = heard(state, event(4), "me");
  state = heard(state, event(5, { author: { id: "me" } }), "me");
  assert.deepEqual(numbers(heard(state, event(4), "me")), [2, 4]);
});

test("what is deleted is not new, its replies neither, and all of it again once it is back", () => {
  let state = heard(unreadOf(list(0, 1)), event(2), "me");
  state = heard(state, event(3, { reply_to: "c2" }), "me");
  state = heard(state, event(4, { id: "c2", removed: true }, "comment.removed"), "me");
  assert.deepEqual(numbers(state), []);
  assert.deepEqual(numbers(heard(state, event(5, { id: "c2" }, "comment.changed"), "me")), [2, 3]);
});

test("a mention that an edit adds is new to whom it names", () => {
  const edit = event(6, { id: "c2", mentions: [{ id: "me", seq: 6 }] }, "comment.changed");
  assert.deepEqual(unreadIn(heard(unreadOf(list(0, 5)), edit, "me")).map(({ seq, mention }) => [seq, mention]), [[6, true]]);
  assert.deepEqual(numbers(heard(unreadOf(list(0, 5)), edit, "you")), []);
  const later = event(7, { id: "c2", mentions: [{ id: "me", seq: 6 }] }, "comment.changed");
  assert.deepEqual(numbers(heard(unreadOf(list(0, 6)), later, "me")), []);
});

test("an answer that is older than what is known changes nothing; a newer one keeps what was told since", () => {
  let state = heard(unreadOf(list(1, 3, 2, 3)), event(4), "me");
  assert.deepEqual(numbers(takenOver(state, list(0, 9))), [2, 3, 4]);
  state = takenOver(state, list(2, 3, 3));
  assert.deepEqual(numbers(state), [3, 4]);
});

test("what was on the screen is gone at once, and stays to be told until the server has it", () => {
  let state = seen(unreadOf(list(0, 3, 2, 3)), [2]);
  assert.deepEqual([numbers(state), [...state.read]], [[3], [2]]);
  state = takenOver(state, list(1, 3, 2, 3));
  assert.deepEqual([numbers(state), [...state.read]], [[3], [2]]);
  state = takenOver(state, list(2, 3, 3));
  assert.deepEqual([numbers(state), [...state.read]], [[3], []]);
  assert.deepEqual(numbers(unseen(seen(state, [3]), [3])), [3]);
});

test("the counts are of each version", () => {
  assert.deepEqual([...countByVersion([item(1), item(2, { version: "v2" }), item(3)])], [["v1", 2], ["v2", 1]]);
});
