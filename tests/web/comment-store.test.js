import assert from "node:assert/strict";
import { test } from "node:test";
import {
  applyAnswer, applyEvent, counts, filtered, leavesGap, replaceComments, stateOf, threadsOf, visibleVersions,
} from "../../web/static/feedback/comment-store.js";
import { withPending } from "../../web/static/feedback/pending.js";
import { editing, marking, posting, removing, restoring } from "../../web/static/feedback/changes.js";

const ADA = { id: "ada", kind: "person", name: "Ada", hue: 1 };
const BEN = { id: "ben", kind: "guest", name: "Ben", hue: 2 };

const comment = (id, at, more = {}) => ({
  id, song: "s", version: "v1", at, until: null, body: id, reply_to: null, author: ADA,
  created_at: "2026-05-12T10:00:00Z", edited_at: null, done: null, removed: false, ...more,
});
const event = (seq, said, type = "comment.added") => ({ seq, type, song: "s", comment: said });
const start = (...comments) => stateOf({ seq: 10, comments, versions: [] });
const done = { by: "Ada", at: "2026-05-12T11:00:00Z" };

test("an event puts its comment in, and applying it twice changes nothing", () => {
  const once = applyEvent(start(), event(11, comment("a", 5)));
  assert.equal(once.comments.get("a").at, 5);
  assert.equal(applyEvent(once, event(11, comment("a", 99))), once);
});

test("an event from before the page was drawn is not applied", () => {
  const state = start(comment("a", 5, { body: "new words" }));
  assert.equal(applyEvent(state, event(9, comment("a", 5))), state);
});

test("the state before is left as it was", () => {
  const before = start();
  applyEvent(before, event(11, comment("a", 5)));
  assert.equal(before.comments.size, 0);
  assert.equal(before.seq, 10);
});

test("a missing number is noticed", () => {
  assert.equal(leavesGap(start(), event(11, comment("a", 1))), false);
  assert.equal(leavesGap(start(), event(12, comment("a", 1))), true);
});

test("an event of a kind not known here still counts its number", () => {
  assert.equal(applyEvent(start(), { seq: 11, type: "something.new", song: "s" }).seq, 11);
});

test("an answer does not undo a newer event", () => {
  const state = applyEvent(start(comment("a", 5)), event(11, comment("a", 5, { done }), "comment.changed"));
  assert.deepEqual(applyAnswer(state, comment("a", 5), 10).comments.get("a").done, done);
  assert.equal(applyAnswer(state, comment("a", 5, { body: "later" }), 11).comments.get("a").body, "later");
});

test("a list taken over keeps what events told while it was on its way", () => {
  const state = applyEvent(start(comment("old", 1), comment("other", 2, { version: "v2" })), event(11, comment("new", 3)));
  const after = replaceComments(state, "v1", [comment("listed", 4)], 10);
  assert.deepEqual([...after.comments.keys()].sort(), ["listed", "new", "other"]);
});

test("a comment removed and brought back is there once", () => {
  let state = start(comment("a", 5));
  state = applyEvent(state, event(11, comment("a", 5, { removed: true }), "comment.removed"));
  assert.equal(threadsOf([...state.comments.values()], "v1").length, 0);
  state = applyEvent(state, event(12, comment("a", 5), "comment.changed"));
  assert.equal(threadsOf([...state.comments.values()], "v1").length, 1);
});

test("threads follow the music and replies their age", () => {
  const said = [
    comment("late", 60), comment("early", 5),
    comment("second", 5, { reply_to: "early", created_at: "2026-05-12T12:00:00Z" }),
    comment("first", 5, { reply_to: "early", created_at: "2026-05-12T11:00:00Z" }),
    comment("elsewhere", 1, { version: "v2" }), comment("gone", 2, { removed: true }),
  ];
  const threads = threadsOf(said, "v1").map((thread) => [thread.comment.id, ...thread.replies.map(({ id }) => id)]);
  assert.deepEqual(threads, [["early", "first", "second"], ["late"]]);
});

test("the filters divide the comments and count them", () => {
  const forBen = { mentions: [{ id: "ben", kind: "person", name: "Ben", seq: 4 }] };
  const reply = comment("d", 2, { reply_to: "b", ...forBen });
  const threads = threadsOf([comment("a", 1), comment("b", 2, { done }), comment("c", 3, { author: BEN }), reply], "v1");
  const ids = (filter) => filtered(threads, filter, "ben").map((thread) => thread.comment.id);
  assert.deepEqual(["open", "done", "mine", "mentioned"].map(ids), [["a", "c"], ["b"], ["c"], ["b"]]);
  assert.deepEqual(counts(threads, "ben"), { open: 2, done: 1, mine: 1, mentioned: 1 });
});

test("removed versions are not shown", () => {
  const version = (number, removed) => ({ id: `v${number}`, number, removed });
  const state = stateOf({ seq: 1, comments: [], versions: [version(3, false), version(1, false), version(2, true)] });
  assert.deepEqual(visibleVersions(state).map(({ number }) => number), [1, 3]);
});

test("what is not sent yet is shown, in its author's name, as waiting", () => {
  const entry = posting({ version: "v1", at: 83.20049, body: "Too loud" });
  const [shown] = withPending([], [entry], BEN, "s");
  assert.equal(shown.id, entry.body.id);
  assert.equal(shown.at, 83.2);
  assert.equal(shown.author.name, "Ben");
  assert.equal(shown.pending, true);
});

test("a refused comment keeps its text and says why", () => {
  const entry = { ...posting({ version: "v1", at: 1, body: "Too loud" }), refusal: "Too long." };
  const [shown] = withPending([], [entry], BEN, "s");
  assert.deepEqual([shown.body, shown.refusal, shown.pending], ["Too loud", "Too long.", undefined]);
});

test("unsent changes lie over what the server said", () => {
  const a = comment("a", 1);
  const shown = (...entries) => withPending([a], entries, ADA, "s")[0];
  assert.equal(shown(editing(a, "better words")).body, "better words");
  assert.equal(shown(marking(a, true)).done.by, "Ada");
  assert.equal(shown(removing(a)).removed, true);
  assert.equal(shown(removing(a), restoring(a)).removed, false);
});

test("a range and a reply are sent as such, a moment without them", () => {
  assert.deepEqual(Object.keys(posting({ version: "v", at: 1, body: "x" }).body), ["id", "at", "body"]);
  assert.equal(posting({ version: "v", at: 1, until: 2, body: "x" }).body.until, 2);
  assert.equal(posting({ version: "v", at: 1, body: "x", reply_to: "a" }).body.reply_to, "a");
});
