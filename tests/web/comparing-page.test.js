import assert from "node:assert/strict";
import { test } from "node:test";

import { changesInTime } from "../../web/static/comparing/changes-in-time.js";
import { ComparisonSource } from "../../web/static/comparing/comparison-source.js";
import { rangeOfChange, rangeOfFinding } from "../../web/static/comparing/finding-range.js";
import { loudestStretch } from "../../web/static/comparing/loudest.js";
import { MusicAxis } from "../../web/static/comparing/music-axis.js";
import { notesWithin } from "../../web/static/comparing/notes.js";

const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);
const segment = (a_start, a_end, b_start, b_end) => ({ a_start, a_end, b_start, b_end });
const axis = new MusicAxis([segment(0, 60, 0, 60), segment(68, 100, 60, 92)], { a: 100, b: 92 });
const changes = changesInTime(axis.pieces, []);

test("a finding is looped where it is, the whole song not at all", () => {
  assert.deepEqual(rangeOfFinding({ start: 20, end: 36 }, axis, changes), { start: 20, end: 36 });
  assert.equal(rangeOfFinding({ start: null, end: null }, axis, changes), null);
});

test("a moment gets enough around it to be heard, and never leaves the song", () => {
  const moment = rangeOfFinding({ start: 30, end: 30.4 }, axis, changes);
  near(moment.start, 28.7);
  near(moment.end, 31.7);
  const atStart = rangeOfFinding({ start: 0, end: 0.5 }, axis, changes);
  near(atStart.start, 0);
  assert.ok(atStart.end > 1.5);
});

test("a cut is heard with what was cut and how the music comes and goes", () => {
  const { start, end } = rangeOfFinding({ start: 60, end: 60 }, axis, changes);
  near(start, 57);
  near(end, 71);
  assert.deepEqual(axis.within("b", { start, end }), { start: 57, end: 63 });
  assert.deepEqual(rangeOfChange(changes[1], axis), { start: 57, end: 71 });
});

test("notes are found with what is said around them", () => {
  const notes = [{ at: 10, until: 10 }, { at: 18.5, until: 18.5 }, { at: 5, until: 40 }, { at: 60, until: 62 }];
  assert.deepEqual(notesWithin(notes, 20, 36), [notes[1], notes[2]]);
});

test("the loudest stretch is found by its peaks", () => {
  const reader = () => (from) => (from >= 40 && from < 60 ? [-100, 100] : [-10, 10]);
  assert.deepEqual(loudestStretch({ reader }, 90, 20), { start: 40, end: 60 });
  assert.deepEqual(loudestStretch({ reader }, 12, 20), { start: 0, end: 12 });
  assert.deepEqual(loudestStretch(undefined, 90, 20), { start: 0, end: 20 });
});

/** Answers in turn what the server would. */
function served(t, ...answers) {
  const asked = [];
  globalThis.window = globalThis;
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(globalThis, "fetch", async (path) => {
    asked.push(path);
    const [status, body] = answers.shift();
    return { ok: status < 400, status, json: async () => body };
  });
  const heard = [];
  const source = new ComparisonSource({
    ready: (comparison) => heard.push(["ready", comparison.stage]),
    making: (progress) => heard.push(["making", progress]),
    failed: (sentence) => heard.push(["failed", sentence]),
  });
  return { asked, heard, source };
}

const AWAITED = [202, { status: "preparing", comparison: { progress: 0.25 } }];
const news = (more) => ({ id: "c", song: "s", a: "1", b: "2", error: null, progress: null, ...more });

test("a comparison that is being made is followed by what is heard of it", async (t) => {
  const { heard, source } = served(t, AWAITED, [200, { stage: "mixing" }]);
  await source.ask("1", "2", "mixing");
  source.heard(news({ status: "preparing", progress: 0.75 }));
  source.heard(news({ b: "3", status: "ready" }));
  source.heard(news({ status: "ready" }));
  await new Promise(setImmediate);
  assert.deepEqual(heard, [["making", 0.25], ["making", 0.75], ["ready", "mixing"]]);
});

test("news that was missed is made up for by asking again", async (t) => {
  const { heard, asked, source } = served(t, AWAITED, [200, { stage: "mixing" }]);
  await source.ask("1", "2", "mixing");
  t.mock.timers.tick(4000);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.equal(asked.length, 2);
  assert.deepEqual(heard.at(-1), ["ready", "mixing"]);
});

test("a refusal is told in the server's words", async (t) => {
  const { heard, source } = served(t, [409, { error: { code: "version_failed", message: "Version 2 could not be read." } }]);
  await source.ask("1", "2", "mixing");
  assert.deepEqual(heard, [["failed", "Version 2 could not be read."]]);
});

test("an answer to a question nobody asks any more is dropped", async (t) => {
  const { heard, source } = served(t, [200, { stage: "mixing" }], [200, { stage: "editing" }]);
  await Promise.all([source.ask("1", "2", "mixing"), source.ask("1", "2", "editing")]);
  assert.deepEqual(heard, [["ready", "editing"]]);
});
