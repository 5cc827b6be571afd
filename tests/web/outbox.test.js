import assert from "node:assert/strict";
import { test } from "node:test";
import { editing, marking, posting } from "../../web/static/feedback/changes.js";
import { Outbox } from "../../web/static/feedback/outbox.js";
import { ApiError } from "../../web/static/kit/api.js";

function memory() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
    kept,
  };
}

/** An outbox over a server whose mood can be changed; timers run when the test says. */
function outbox(store = memory()) {
  const world = { store, sent: [], timers: [], mood: async () => ({}) };
  const send = async (entry) => {
    const answer = await world.mood(entry);
    world.sent.push(entry);
    return answer;
  };
  world.box = new Outbox(store, "outbox", send, (callback, wait) => world.timers.push({ callback, wait }));
  return world;
}

const words = (body) => posting({ version: "v1", at: 1, body });
const offline = async () => {
  throw new ApiError(0, "offline", "There is no connection.");
};
const refusing = async () => {
  throw new ApiError(422, "too_long", "That is too long.");
};

test("what is written is sent and forgotten", async () => {
  const { box, sent, store } = outbox();
  await box.add(words("hello"));
  assert.deepEqual(sent.map(({ body }) => body.body), ["hello"]);
  assert.equal(store.kept.size, 0);
});

test("what is written offline waits, and goes in order when the network is back", async () => {
  const world = outbox();
  world.mood = offline;
  await world.box.add(words("one"));
  await world.box.add(words("two"));
  assert.equal(world.box.entries.length, 2);
  world.mood = async () => ({});
  await world.box.flush();
  assert.deepEqual(world.sent.map(({ body }) => body.body), ["one", "two"]);
  assert.equal(world.box.entries.length, 0);
});

test("it tries again by itself, less and less often", async () => {
  const world = outbox();
  world.mood = offline;
  await world.box.add(words("one"));
  for (let turn = 0; turn < 7; turn += 1) {
    world.timers.at(-1).callback();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const waits = world.timers.map(({ wait }) => wait);
  assert.deepEqual(waits.slice(0, 4), [1000, 2000, 4000, 8000]);
  assert.equal(waits.at(-1), 30_000);
});

test("a reload in between loses nothing, and the id stays the same", async () => {
  const before = outbox();
  before.mood = offline;
  await before.box.add(words("kept"));
  const [{ body }] = before.box.entries;
  const after = outbox(before.store);
  await after.box.flush();
  assert.deepEqual(after.sent[0].body, body);
});

test("a refused comment is kept for its author and not sent again by itself", async () => {
  const world = outbox();
  world.mood = refusing;
  const said = [];
  world.box.onRefused = (_, sentence) => said.push(sentence);
  await world.box.add(words("far too long"));
  world.mood = async () => ({});
  await world.box.flush();
  assert.deepEqual(said, ["That is too long."]);
  assert.deepEqual(world.box.entries.map(({ body, refusal }) => [body.body, refusal]), [["far too long", "That is too long."]]);
  assert.equal(world.sent.length, 0);
});

test("a refused one does not hold up the next", async () => {
  const world = outbox();
  world.mood = async (entry) => (entry.body.body === "bad" ? refusing() : {});
  await world.box.add(words("bad"));
  await world.box.add(words("good"));
  assert.deepEqual(world.sent.map(({ body }) => body.body), ["good"]);
});

test("its author can send it again with other words, or throw it away", async () => {
  const world = outbox();
  world.mood = refusing;
  await world.box.add(words("bad"));
  await world.box.add(words("worse"));
  world.mood = async () => ({});
  const [bad, worse] = world.box.entries;
  world.box.discard(worse.key);
  await world.box.retry(bad.key, { body: "better" });
  assert.deepEqual(world.sent.map(({ body }) => [body.id, body.body]), [[bad.body.id, "better"]]);
  assert.equal(world.box.entries.length, 0);
});

test("a server in trouble is not a refusal", async () => {
  for (const status of [500, 503, 429, 408]) {
    const world = outbox();
    world.mood = async () => {
      throw new ApiError(status, "busy", "Later.");
    };
    await world.box.add(words("patience"));
    assert.deepEqual(world.box.entries.map(({ refusal }) => refusal), [null], String(status));
  }
});

test("the last of several edits is the one that goes", async () => {
  const world = outbox();
  world.mood = offline;
  const comment = { id: "a", version: "v1" };
  await world.box.add(editing(comment, "first"));
  await world.box.add(editing(comment, "last"));
  await world.box.add(marking(comment, true));
  assert.deepEqual(world.box.entries.map(({ body }) => body), [{ body: "last" }, { done: true }]);
});

test("words changed while they are on their way are sent too", async () => {
  const world = outbox();
  const comment = { id: "a", version: "v1" };
  let arrive = () => {};
  world.mood = () => new Promise((resolve) => (arrive = resolve));
  const first = world.box.add({ ...editing(comment, "first"), written_at: "1" });
  world.mood = async () => ({});
  const second = world.box.add({ ...editing(comment, "last"), written_at: "2" });
  arrive({});
  await Promise.all([first, second]);
  assert.deepEqual(world.sent.map(({ body }) => body.body), ["first", "last"]);
  assert.equal(world.box.entries.length, 0);
});

test("a refused tick is undone instead of kept", async () => {
  const world = outbox();
  world.mood = refusing;
  await world.box.add(marking({ id: "a", version: "v1" }, true));
  assert.equal(world.box.entries.length, 0);
});

test("storage full of nonsense is not fatal", () => {
  const store = memory();
  store.setItem("outbox", "{not json");
  assert.deepEqual(outbox(store).box.entries, []);
});
