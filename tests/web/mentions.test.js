import assert from "node:assert/strict";
import test from "node:test";

import { posting, editing } from "../../web/static/feedback/changes.js";
import { askedIn, matching } from "../../web/static/feedback/mention-list.js";
import { calledIn, isNamed, partsOf } from "../../web/static/feedback/mentions.js";
import { withPending } from "../../web/static/feedback/pending.js";

const person = (id, name) => ({ id, kind: "person", name, hue: 0 });
const [ANN, LEE, MAY] = [person("1", "Ann"), person("2", "Ann Lee"), person("3", "Tante Zoë")];
const PEOPLE = [ANN, LEE, MAY];
const names = (people) => people.map(({ name }) => name);

test("a name counts as a word, as on the server", () => {
  for (const words of ["@Ann", "(@Ann!)", "@Ann's", "hm @Ann"]) assert.equal(isNamed(words, "Ann"), true, words);
  for (const words of ["@Anna", "me@Ann", "Ann", "@ann"]) assert.equal(isNamed(words, "Ann"), false, words);
  assert.equal(isNamed("@Zoë", "Zo"), false);
  assert.equal(isNamed("@A+B (x)", "A+B (x)"), true);
});

test("the longest name wins, in what is shown and in what is sent", () => {
  const words = "@Ann Lee and @Ann.";
  const parts = partsOf(words, [{ ...ANN, seq: 1 }, { ...LEE, seq: 1 }]);
  assert.deepEqual(parts.map(({ text, mention }) => [text, mention?.id]), [["@Ann Lee", "2"], [" and ", undefined], ["@Ann", "1"], [".", undefined]]);
  assert.deepEqual(names(calledIn(words, PEOPLE, [])), ["Ann Lee", "Ann"]);
  assert.deepEqual(names(calledIn("@Ann Lee", PEOPLE, [])), ["Ann Lee"]);
});

test("two of one name are told apart by the one that was picked, and guessed at never", () => {
  const twins = [person("4", "Sam"), person("5", "Sam")];
  assert.deepEqual(calledIn("@Sam", twins, []), []);
  assert.deepEqual(calledIn("@Sam", twins, [twins[1]]), [twins[1]]);
});

test("the list is asked for by an @ that begins a word, over the spaces of a name", () => {
  assert.deepEqual(askedIn("@"), { from: 0, query: "" });
  assert.deepEqual(askedIn("hey @tante z"), { from: 4, query: "tante z" });
  for (const words of ["mail@ann", "@ ann", "@an\nn", "no"]) assert.equal(askedIn(words), null, words);
});

test("any word of a name finds it, accents or not, and those that begin so come first", () => {
  assert.deepEqual(names(matching(PEOPLE, "")), ["Ann", "Ann Lee", "Tante Zoë"]);
  assert.deepEqual(names(matching(PEOPLE, "zoe")), ["Tante Zoë"]);
  assert.deepEqual(names(matching([person("6", "Al Tan"), MAY], "TAN")), ["Tante Zoë", "Al Tan"]);
  assert.deepEqual(names(matching(PEOPLE, "Ann Lee thinks")), []);
});

test("what is not sent yet shows its mentions, and an edit keeps those of before", () => {
  const entry = posting({ version: "v", at: 1, body: "@Ann", mentioned: [ANN] });
  assert.deepEqual(entry.body.mentions, ["1"]);
  const [shown] = withPending([], [entry], ANN, "song");
  assert.deepEqual(shown.mentions, [{ id: "1", kind: "person", name: "Ann", seq: 0 }]);

  const said = { ...shown, mentions: [{ id: "1", kind: "person", name: "Ann", seq: 7 }] };
  const edit = editing(said, "@Ann @Tante Zoë", [ANN, MAY]);
  const [edited] = withPending([said], [edit], ANN, "song");
  assert.deepEqual(edited.mentions.map(({ id, seq }) => [id, seq]), [["1", 7], ["3", 0]]);
  assert.equal("mentions" in editing({ ...said, mentions: [] }, "nobody").body, false);
});
