import assert from "node:assert/strict";
import { test } from "node:test";

import { changesInTime } from "../../web/static/comparing/changes-in-time.js";
import { place } from "../../web/static/comparing/findings-list.js";
import { MusicAxis } from "../../web/static/comparing/music-axis.js";
import { inSentences, meanBetween, rowsOf, strength, stretches } from "../../web/static/comparing/picture.js";

const segment = (a_start, a_end, b_start, b_end) => ({ a_start, a_end, b_start, b_end });
const told = (segments, a, b, moved = []) => changesInTime(new MusicAxis(segments, { a, b }).pieces, moved);

test("the same music twice is one stretch that says nothing", () => {
  const changes = told([segment(0, 10, 0, 10), segment(10, 30, 10, 30)], 30, 30);
  assert.deepEqual(changes, [{ kind: "same", label: "", words: "", from: 0, to: 30, a: [0, 30], b: [0, 30], isMoved: false }]);
});

test("a cut and an insertion are named with their lengths", () => {
  const changes = told([segment(0, 62, 3, 65), segment(70.1, 100, 65, 94.9)], 100, 94.9);
  assert.deepEqual(changes.map(({ kind }) => kind), ["added", "same", "cut", "same"]);
  assert.deepEqual(changes.map(({ label }) => label), ["+3.0 s new", "", "cut 8.1 s", ""]);
  assert.equal(changes[2].words, "8.1 s were cut at 1:02 of A");
  assert.equal(changes[0].words, "3.0 s are new at 0:00 of B");
});

test("a wandering tempo is one stretch, with how much longer it became", () => {
  const pieces = Array.from({ length: 10 }, (_, n) => segment(n * 10, n * 10 + 10, n * 10.2, n * 10.2 + 10.2));
  const changes = told(pieces, 100, 102);
  assert.deepEqual(changes.map(({ kind, label }) => [kind, label]), [["stretched", "2.0 s longer"]]);
  assert.match(changes[0].words, /2\.0 % slower/);
});

test("a part that was moved says from where to where", () => {
  const segments = [segment(0, 10, 0, 10), segment(10, 18, 20, 28), segment(18, 28, 10, 20)];
  const changes = told(segments, 28, 28, [segment(10, 18, 20, 28)]);
  assert.deepEqual(changes.map(({ kind }) => kind), ["same", "moved", "same"]);
  assert.equal(changes[1].label, "moved 0:10 → 0:20");
});

test("where two takes meet nothing is called an edit", () => {
  assert.deepEqual(told([segment(0, 10, 0, 10), segment(10.1, 20, 10, 19.9)], 20, 19.9).map(({ words }) => words), ["", "", ""]);
});

const flat = (length, db = 0) => Array.from({ length }, () => db);
const picture = () => {
  const low = flat(240);
  low.fill(-2.4, 104, 168);
  return { step: 0.5, bands: [{ key: "low-end", name: "low end", from_hz: 20, to_hz: 120, db: low }], level_db: flat(240, 0.2) };
};

test("the picture says in words where a band is less, and by how much", () => {
  const [low, level] = inSentences(picture());
  assert.match(low.sentence, /^less from 0:5[12] – 1:2[34] \(−2\.\d dB\)$/);
  assert.equal(level.sentence, "about the same throughout");
});

test("a moment too short to hear, and what is unknown, say nothing", () => {
  const db = flat(100, null);
  db.fill(8, 20, 21);
  assert.deepEqual(stretches(flat(100, null), 0.5), []);
  assert.deepEqual(stretches(db, 0.1), []);
  assert.equal(meanBetween(db, 0.5, 0, 5), null);
});

test("rows are named with the frequencies they cover", () => {
  const bands = [["air", 8000, 20000], ["presence", 2000, 8000], ["mids", 500, 2000], ["low mids", 120, 500], ["low end", 20, 120]];
  const rows = rowsOf({ step: 1, bands: bands.map(([name, from_hz, to_hz]) => ({ key: name, name, from_hz, to_hz, db: [] })) });
  const labels = rows.map(({ label }) => label);
  assert.deepEqual(labels, ["air 8k+", "presence 2–8k", "mids 500–2k", "low mids 120–500", "low end –120"]);
});

test("more and less have their own direction and an end", () => {
  assert.equal(strength(0.2), 0);
  assert.ok(strength(-3) < -0.3 && strength(3) > 0.3);
  assert.equal(strength(40), 1);
});

test("a place is written as its sentence writes it", () => {
  // tests/stages/test_findings_in_words.py has the same pairs.
  for (const [start, end, written] of [[20.1, 20.1, "0:20"], [20.5, 36.5, "0:21 – 0:37"], [21.5, 82.499, "0:22 – 1:22"]]) {
    assert.equal(place(start, end), written);
  }
});
