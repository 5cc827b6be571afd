import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEvent, stateOf } from "../../web/static/feedback/comment-store.js";
import { Outbox } from "../../web/static/feedback/outbox.js";
import { withPending } from "../../web/static/feedback/pending.js";
import { reactionsIn } from "../../web/static/feedback/reactions.js";
import { ApiError } from "../../web/static/kit/api.js";
import {
  answersIn, answerTold, bringingBackAnswer, giving, questionsOf, replaceAnswers, takingBackAnswer,
} from "../../web/static/questions/answers.js";
import { loudnessWords, placeWords } from "../../web/static/questions/words.js";

const GIL = { id: "gil", kind: "guest", name: "Gil", hue: 2 };
const ADA = { id: "ada", kind: "person", name: "Ada", hue: 1 };
const QUESTION = {
  id: "q", song: "s", version: "v1", kind: "pad", text: "Where?", part: "", revision: 2, created_at: "2026-05-01T10:00:00Z", removed: false,
};
const EMPTY = { at: null, across: null, away: null, loudness: null, body: null };
const answer = (id, more = {}) => ({
  id, question: "q", song: "s", version: "v1", author: GIL, ...EMPTY, created_at: "2026-05-01T10:00:00Z", removed: false, ...more,
});
const start = (answers = [], questions = [QUESTION]) => stateOf({ seq: 10, comments: [], versions: [], questions, answers });
const shown = (state, ...entries) => answersIn(state.answers.values(), entries, GIL, "s", "v1");
const ids = (answers) => answers.map(({ id }) => id);

test("an answer that waits is shown as waiting, in the place of the one before", () => {
  const entry = giving(QUESTION, { across: 0.5, away: 0.25 });
  const [only, ...more] = shown(start([answer("old", { across: 0, away: 0 })]), entry);

  assert.deepEqual(more, []);
  assert.deepEqual([only.id, only.across, only.away, only.pending], [entry.answer, 0.5, 0.25, true]);
  assert.deepEqual(entry.body, { id: entry.answer, revision: 2, across: 0.5, away: 0.25 });
});

test("moments add up, others' answers stay, and other versions' are left out", () => {
  const known = [answer("a", { at: 3 }), answer("b", { at: 5 }), answer("c", { author: ADA }), answer("d", { version: "v2" })];
  assert.deepEqual(ids(shown(start(known), giving({ ...QUESTION, kind: "moment" }, { at: 9 }))).length, 4);
  assert.deepEqual(ids(shown(start(known))), ["a", "b", "c"]);
});

test("one taken back is gone at once, and back at once when it is brought back", () => {
  const state = start([answer("a", { loudness: 3 })]);
  assert.deepEqual(ids(shown(state, takingBackAnswer(answer("a")))), []);
  const [back] = shown(state, takingBackAnswer(answer("a")), bringingBackAnswer(answer("a")));
  assert.deepEqual([back.id, back.pending], ["a", true]);
});

test("one given and taken back in a tunnel does not bring the one before it back", () => {
  const entry = giving(QUESTION, { across: 1, away: 1 });
  const taken = takingBackAnswer({ id: entry.answer, question: "q", version: "v1" });
  assert.deepEqual(shown(start([answer("old", { across: 0, away: 0 })]), entry, taken), []);
});

test("one brought back takes the place of the newer", () => {
  const state = start([answer("old", { removed: true, loudness: 1 }), answer("new", { loudness: 2, created_at: "2026-05-01T11:00:00Z" })]);
  assert.deepEqual(ids(shown(state, bringingBackAnswer(answer("old")))), ["old"]);
});

test("a browser whose clock is wrong still shows what was answered last", () => {
  const entry = { ...giving(QUESTION, { across: 0, away: 0 }), written_at: "2020-01-01T00:00:00Z" };
  assert.deepEqual(ids(shown(start([answer("old", { across: 1, away: 1 })]), entry)), [entry.answer]);
});

test("events put questions and answers in, twice as once", () => {
  const events = [
    { seq: 11, type: "question.added", song: "s", question: { ...QUESTION, id: "r", created_at: "2026-05-01T12:00:00Z" } },
    { seq: 12, type: "answer.added", song: "s", answer: answer("a") },
    { seq: 13, type: "question.removed", song: "s", question: { ...QUESTION, removed: true } },
  ];
  const once = events.reduce(applyEvent, start());
  assert.deepEqual(events.reduce(applyEvent, once), once);
  assert.deepEqual(ids(questionsOf(once, "v1")), ["r"]);
  assert.deepEqual(ids(shown(once)), ["a"]);
});

test("what a request brings does not overwrite what was told since", () => {
  const told = applyEvent(start(), { seq: 11, type: "answer.removed", song: "s", answer: answer("a", { removed: true }) });
  assert.deepEqual(ids(shown(answerTold(told, "a", answer("a"), 10))), []);
  assert.deepEqual(ids(shown(replaceAnswers(told, "v1", [QUESTION], [answer("a"), answer("b", { author: ADA })], 10))), ["b"]);
  assert.deepEqual(ids(shown(answerTold(told, "a", answer("a"), 11))), ["a"]);
  assert.deepEqual(ids(shown(answerTold(start([answer("a")]), "a", null, 10))), []);
});

test("what is no longer there is gone after a new list", () => {
  const state = replaceAnswers(start([answer("a")]), "v1", [], [], 10);
  assert.deepEqual([questionsOf(state, "v1"), shown(state)], [[], []]);
});

test("answers in the outbox make no comments and no reactions", () => {
  const entries = [giving(QUESTION, { across: 0, away: 0 }), takingBackAnswer(answer("a"))];
  assert.deepEqual(withPending([], entries, GIL, "s"), []);
  assert.deepEqual(reactionsIn([], entries, GIL, "s", "v1"), []);
});

test("given without a network, answers are sent in order once it is back, each with its own id", async () => {
  const kept = new Map();
  const store = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  const sent = [];
  let online = false;
  const outbox = new Outbox(store, "box", async ({ method, path, body }) => {
    if (!online) throw new ApiError(0, "offline", "no");
    sent.push([method, path, body?.id]);
  }, () => 0);
  const [first, second] = [giving(QUESTION, { across: 0, away: 0 }), giving(QUESTION, { across: 1, away: 1 })];
  for (const entry of [first, takingBackAnswer({ ...QUESTION, id: first.answer, question: "q" }), second]) await outbox.add(entry);
  online = true;
  await outbox.flush();

  assert.deepEqual(sent, [
    ["POST", "/api/questions/q/answers", first.answer],
    ["DELETE", `/api/answers/${first.answer}`, undefined],
    ["POST", "/api/questions/q/answers", second.answer],
  ]);
});

test("places and loudness in words", () => {
  assert.equal(placeWords(-0.3, 0.1), "a little left, near");
  assert.equal(placeWords(0.1, 0.5), "in the middle, halfway back");
  assert.equal(placeWords(0.9, 1), "far right, far back");
  assert.deepEqual([-100, -40, 0, 20, 25, 61].map(loudnessWords), [
    "much too quiet", "a little too quiet", "just right", "just right", "a little too loud", "much too loud",
  ]);
});
