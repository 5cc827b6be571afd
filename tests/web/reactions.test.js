import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEvent, stateOf } from "../../web/static/feedback/comment-store.js";
import { Outbox } from "../../web/static/feedback/outbox.js";
import { withPending } from "../../web/static/feedback/pending.js";
import {
  bringingBack, reactionAnswered, reactionsIn, replaceReactions, sameTap, takingBack, tapping,
} from "../../web/static/feedback/reactions.js";
import { ApiError } from "../../web/static/kit/api.js";

const ADA = { id: "ada", kind: "person", name: "Ada", hue: 1 };
const GIL = { id: "gil", kind: "guest", name: "Gil", hue: 2 };

const reaction = (id, at, more = {}) => ({
  id, song: "s", version: "v1", kind: "love", at, author: GIL, created_at: "2026-05-12T10:00:00Z", removed: false, ...more,
});
const event = (seq, said) => ({ seq, type: said.removed ? "reaction.removed" : "reaction.added", song: "s", reaction: said });
const start = (...reactions) => stateOf({ seq: 10, comments: [], versions: [], reactions });
const shown = (known, ...entries) => reactionsIn(known, entries, GIL, "s", "v1");
const ids = (reactions) => reactions.map(({ id }) => id);

test("a tap somebody made is put in, and applied twice it is there once", () => {
  const once = applyEvent(start(), event(11, reaction("a", 5)));
  assert.deepEqual(ids([...once.reactions.values()]), ["a"]);
  assert.equal(applyEvent(once, event(11, reaction("a", 99))), once);
});

test("what was taken back is not shown, and brought back it is there again", () => {
  let state = applyEvent(start(reaction("a", 5)), event(11, reaction("a", 5, { removed: true })));
  assert.deepEqual(shown(state.reactions.values()), []);
  state = applyEvent(state, event(12, reaction("a", 5)));
  assert.deepEqual(ids(shown(state.reactions.values())), ["a"]);
});

test("those of one version are shown in the order of the music", () => {
  const known = [reaction("late", 60), reaction("elsewhere", 1, { version: "v2" }), reaction("early", 5)];
  assert.deepEqual(ids(shown(known)), ["early", "late"]);
});

test("a tap not sent yet is shown in its listener's name, and is no comment", () => {
  const entry = tapping("v1", "too-loud", 83.20049);
  const [one] = shown([], entry);
  assert.deepEqual([one.id, one.at, one.kind, one.author.name, one.pending], [entry.reaction, 83.2, "too-loud", "Gil", true]);
  assert.deepEqual(withPending([], [entry], GIL, "s"), []);
});

test("what is taken back or brought back shows at once, whether or not the tap was sent", () => {
  const entry = tapping("v1", "love", 5);
  const unsent = { id: entry.reaction, version: "v1" };
  assert.deepEqual(shown([], entry, takingBack(unsent)), []);
  assert.deepEqual(shown([reaction("a", 5)], takingBack({ id: "a", version: "v1" })), []);
  assert.deepEqual(ids(shown([reaction("a", 5, { removed: true })], bringingBack({ id: "a", version: "v1" }))), ["a"]);
});

test("the same feeling within three seconds is the same tap, the nearest first", () => {
  const mine = [reaction("a", 5), reaction("b", 9), reaction("other", 7, { author: ADA }), reaction("loud", 7, { kind: "too-loud" })];
  assert.equal(sameTap(mine, "gil", "love", 6.5)?.id, "a");
  assert.equal(sameTap(mine, "gil", "love", 7.5)?.id, "b");
  assert.equal(sameTap(mine, "gil", "love", 12), undefined);
  assert.equal(sameTap(mine, "gil", "lost-me", 5), undefined);
});

test("an answer does not undo a newer event", () => {
  const gone = applyEvent(start(reaction("a", 5)), event(11, reaction("a", 5, { removed: true })));
  assert.equal(reactionAnswered(gone, reaction("a", 5), 10).reactions.get("a").removed, true);
  assert.equal(reactionAnswered(gone, reaction("a", 5), 11).reactions.get("a").removed, false);
});

test("a list taken over keeps what events told while it was on its way", () => {
  const state = applyEvent(start(reaction("old", 1), reaction("other", 2, { version: "v2" })), event(11, reaction("new", 3)));
  const after = replaceReactions(state, "v1", [reaction("listed", 4)], 10);
  assert.deepEqual([...after.reactions.keys()].sort(), ["listed", "new", "other"]);
});

test("taps made offline wait in order with comments and go once; one that is refused is dropped", async () => {
  const kept = new Map();
  const store = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  const sent = [];
  let mood = async () => {
    throw new ApiError(0, "offline", "No connection.");
  };
  const box = new Outbox(store, "outbox", async (entry) => (await mood(entry), sent.push(entry.key)), () => 0);
  const tap = tapping("v1", "love", 5);
  await box.add(tap);
  await box.add(takingBack({ id: tap.reaction, version: "v1" }));
  await box.add(bringingBack({ id: tap.reaction, version: "v1" }));
  assert.equal(box.entries.length, 2);
  mood = async () => {};
  await box.flush();
  assert.deepEqual(sent, [`react:${tap.reaction}`, `take-back:${tap.reaction}`]);
  mood = async () => {
    throw new ApiError(403, "forbidden", "For listening only.");
  };
  await box.add(tapping("v1", "love", 9));
  assert.equal(box.entries.length, 0);
});
