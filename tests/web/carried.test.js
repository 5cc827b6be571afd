import assert from "node:assert/strict";
import { test } from "node:test";
import { carriedThreads, hasPlace, movesCarried, placeOf } from "../../web/static/feedback/carried.js";
import { answering, marking } from "../../web/static/feedback/changes.js";
import { applyEvent, applyVerdict, counts, replaceCarried, stateOf } from "../../web/static/feedback/comment-store.js";
import { withPending } from "../../web/static/feedback/pending.js";

const ADA = { id: "ada", kind: "person", name: "Ada", hue: 1 };
const VERSIONS = ["v1", "v2", "v3"].map((id, index) => ({ id, number: index + 1, removed: false }));

const comment = (id, at, more = {}) => ({
  id, song: "s", version: "v1", at, until: null, body: id, reply_to: null, author: ADA,
  created_at: "2026-05-12T10:00:00Z", edited_at: null, done: null, removed: false, ...more,
});
const carried = (id, at, more = {}) => ({
  comment: comment(id, at ?? 7), version: "v2", place: "found", at, until: null, confidence: 1, via: [], changed: null,
  verdict: null, replies: 0, hear: null, ...more,
});
const verdict = (id, word, version = "v2") => ({ comment: id, version, verdict: word, author: ADA, said_at: "2026-05-12T11:00:00Z" });
const start = (...items) => stateOf({ seq: 10, comments: [comment("own", 3, { version: "v2" })], versions: VERSIONS, carried: items });
const threads = (state, entries = []) =>
  carriedThreads(state, withPending(state.comments.values(), entries, ADA, "s"), entries, ADA, "v2");
const said = (seq, more) => ({ seq, type: "comment.changed", song: "s", ...more });

test("carried comments stand at their place here, in the order of the music", () => {
  const found = threads(start(carried("b", 9, { until: 12 }), carried("a", 4)));
  assert.deepEqual(found.map(({ comment: { id, at, until } }) => [id, at, until]), [["a", 4, null], ["b", 9, 12]]);
  assert.deepEqual(found.map(({ comment: { origin } }) => [origin.number, origin.to]), [[1, 2], [1, 2]]);
});

test("what was cut keeps the second where it was written, and has none here", () => {
  const [gone] = threads(start(carried("a", null, { place: "cut" })));
  assert.equal(gone.comment.at, 7);
  assert.equal(placeOf(gone), "cut");
  assert.equal(hasPlace(gone), false);
  assert.equal(hasPlace({ comment: comment("own", 3), replies: [] }), true);
});

test("they are no comments of the version they were carried to", () => {
  const state = start(carried("a", 4));
  assert.equal(state.comments.get("a").version, "v1");
  assert.equal(counts(threads(state), "ada").open, 1);
});

test("what is done, deleted or of a version that is gone stays behind", () => {
  const state = start(carried("a", 4), carried("b", 5), carried("c", 6));
  const done = applyEvent(state, said(11, { comment: comment("a", 4, { done: { by: "Ada", at: "x" } }) }));
  const gone = applyEvent(done, said(12, { comment: comment("b", 5, { removed: true }) }));
  assert.deepEqual(threads(gone).map(({ comment: { id } }) => id), ["c"]);
  const away = applyEvent(gone, said(13, { type: "version.removed", version: { ...VERSIONS[0], removed: true } }));
  assert.deepEqual(threads(away), []);
});

test("a tick that is not sent yet takes it off the list", () => {
  assert.deepEqual(threads(start(carried("a", 4)), [marking(comment("a", 4), true)]), []);
});

test("an answer is heard live, and taken back live", () => {
  const given = applyEvent(start(carried("a", 4)), said(11, { type: "verdict.changed", verdict: verdict("a", "better") }));
  assert.equal(given.carried.get("a").verdict.verdict, "better");
  const back = applyEvent(given, said(12, { type: "verdict.changed", verdict: verdict("a", null) }));
  assert.equal(back.carried.get("a").verdict, null);
});

test("an answer about another version changes nothing here but the number", () => {
  const state = applyEvent(start(carried("a", 4)), said(11, { type: "verdict.changed", verdict: verdict("a", "fixed", "v3") }));
  assert.equal(state.carried.get("a").verdict, null);
  assert.equal(state.seq, 11);
});

test("an answer that is not sent yet is shown, and so is its being taken back", () => {
  const state = start(carried("a", 4, { verdict: verdict("a", "fixed") }));
  const shown = (entry) => threads(state, [entry])[0].comment.origin.verdict?.verdict ?? null;
  assert.equal(shown(answering("a", "v2", "not-yet")), "not-yet");
  assert.equal(shown(answering("a", "v2", null)), null);
  assert.equal(shown(answering("a", "v3", "better")), "fixed");
});

test("two answers to one comment are one switch in the outbox, and no text of the comment", () => {
  assert.equal(answering("a", "v2", "fixed").key, answering("a", "v2", null).key);
  assert.notEqual(answering("a", "v2", "fixed").key, answering("a", "v3", "fixed").key);
  const [only] = withPending([comment("a", 4)], [answering("a", "v2", "fixed")], ADA, "s");
  assert.equal(only.body, "a");
  assert.equal(only.pending, undefined);
});

test("the answer to a request does not undo a newer event", () => {
  const state = applyEvent(start(carried("a", 4)), said(11, { type: "verdict.changed", verdict: verdict("a", "fixed") }));
  assert.equal(applyVerdict(state, "a", "v2", verdict("a", "better"), 10).carried.get("a").verdict.verdict, "fixed");
  assert.equal(applyVerdict(state, "a", "v2", verdict("a", "better"), 11).carried.get("a").verdict.verdict, "better");
});

test("a list taken over keeps what events told while it was on its way", () => {
  let state = applyEvent(start(carried("a", 4)), said(11, { type: "verdict.changed", verdict: verdict("a", "fixed") }));
  state = applyEvent(state, said(12, { comment: comment("a", 7, { body: "new words" }) }));
  const after = replaceCarried(state, [carried("a", 5), carried("b", 6)], 10);
  assert.equal(after.carried.get("a").at, 5);
  assert.equal(after.carried.get("a").verdict.verdict, "fixed");
  assert.equal(after.comments.get("a").body, "new words");
  assert.deepEqual([...after.carried.keys()], ["a", "b"]);
});

test("only what may move a carried comment makes the page ask again", () => {
  const state = start(carried("a", 4));
  const moves = (event) => movesCarried(state, event, "v2");
  assert.equal(moves(said(11, { comment: comment("new", 1) })), true);
  assert.equal(moves(said(11, { comment: comment("new", 1, { version: "v2" }) })), false);
  assert.equal(moves(said(11, { comment: comment("new", 1, { version: "v3" }) })), false);
  assert.equal(moves(said(11, { type: "comparison.ready", comparison: { a: "v1", b: "v2" } })), true);
  assert.equal(moves(said(11, { type: "comparison.progress", comparison: { a: "v1", b: "v2" } })), false);
  assert.equal(movesCarried(start(), said(11, { type: "comparison.ready", comparison: { a: "v1", b: "v2" } }), "v2"), false);
  assert.equal(moves(said(11, { type: "verdict.changed", verdict: verdict("a", "fixed") })), false);
  assert.equal(moves(said(11, { type: "verdict.changed", verdict: verdict("unknown", "fixed") })), true);
  assert.equal(moves(said(11, { type: "version.changed", version: VERSIONS[0] })), true);
  assert.equal(moves(said(11, { type: "version.ready", version: VERSIONS[1] })), true);
  assert.equal(moves(said(11, { type: "version.progress", version: VERSIONS[0] })), false);
  assert.equal(moves(said(11, { type: "version.added", version: VERSIONS[2] })), false);
});
