import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff, LiveConnection } from "../../web/static/live/connection.js";
import { othersIn, typingLine } from "../../web/static/live/presence.js";
import { Whereabouts } from "../../web/static/live/whereabouts.js";

/** A connection whose sockets and timers the test moves by hand. */
function live() {
  const world = { since: 7, sockets: [], timers: [], told: [] };
  const listener = new Proxy({}, { get: (_, name) => (...values) => world.told.push([name, ...values]) });
  const open = (address) => {
    const socket = { address, sent: [], readyState: 1, send: (text) => socket.sent.push(JSON.parse(text)), close: () => (socket.closed = true) };
    world.sockets.push(socket);
    return socket;
  };
  const timers = {
    setTimeout: (callback, wait) => world.timers.push({ callback, wait }),
    clearTimeout: (timer) => timer && (world.timers[timer - 1] = { callback: () => {}, wait: 0 }),
  };
  world.connection = new LiveConnection(() => `/live?since=${world.since}`, listener, open, timers);
  world.receive = (message) => world.sockets.at(-1).onmessage({ data: JSON.stringify(message) });
  world.drop = (code) => world.sockets.at(-1).onclose({ code });
  world.names = () => world.told.map(([name]) => name);
  return world;
}

const hello = { type: "hello", seq: 7, you: { id: "ada" }, here: [] };

test("a frame may hold one message or several", () => {
  const world = live();
  world.connection.connect();
  world.receive(hello);
  world.receive([{ seq: 8, type: "comment.added" }, { seq: 9, type: "comment.added" }]);
  const events = world.told.filter(([name]) => name === "event").map(([, event]) => event.seq);
  assert.deepEqual(events, [8, 9]);
});

test("after a drop it goes on from the last event", () => {
  const world = live();
  world.connection.connect();
  world.receive(hello);
  world.since = 12;
  world.drop(1006);
  world.timers.at(-1).callback();
  assert.deepEqual(world.sockets.map(({ address }) => address), ["/live?since=7", "/live?since=12"]);
  assert.ok(world.told.some(([name, status]) => name === "status" && status === "reconnecting"));
});

test("a connection that was too slow comes back", () => {
  const world = live();
  world.connection.connect();
  world.drop(4408);
  assert.equal(world.timers.length, 1);
});

for (const code of [4401, 4404]) {
  test(`code ${code} is the end`, () => {
    const world = live();
    world.connection.connect();
    world.drop(code);
    world.connection.hurry();
    assert.equal(world.timers.length, 0);
    assert.equal(world.sockets.length, 1);
    assert.deepEqual(world.told.at(-1), ["ended", code]);
  });
}

test("when the network is back it does not wait for the timer", () => {
  const world = live();
  world.connection.connect();
  world.drop(1006);
  world.connection.hurry();
  assert.equal(world.sockets.length, 2);
  world.timers.forEach(({ callback }) => callback());
  assert.equal(world.sockets.length, 2, "the timer was put away");
});

test("while it is connected there is nothing to hurry", () => {
  const world = live();
  world.connection.connect();
  world.receive(hello);
  world.connection.hurry();
  assert.equal(world.sockets.length, 1);
});

test("a lost network is noticed before the socket does, and the old socket is not heard any more", () => {
  const world = live();
  world.connection.connect();
  world.receive(hello);
  const [old] = world.sockets;
  world.connection.lost();
  assert.equal(old.closed, true);
  old.onmessage({ data: JSON.stringify({ seq: 8, type: "comment.added" }) });
  old.onclose({ code: 1006 });
  assert.ok(!world.names().includes("event"));
  assert.equal(world.timers.length, 1);
});

test("waits grow, have an end, and differ from page to page", () => {
  assert.equal(backoff(0, 1), 500);
  assert.equal(backoff(2, 1), 2000);
  assert.equal(backoff(30, 1), 15_000);
  assert.notEqual(backoff(3, 0.1), backoff(3, 0.9));
  assert.ok(backoff(3, 0) >= 2000);
});

test("resync and presence reach the page", () => {
  const world = live();
  world.connection.connect();
  world.receive([{ type: "resync" }, { type: "presence", here: [{ id: "ben" }], count: 1 }]);
  assert.deepEqual(world.told.slice(-2), [["resync"], ["here", [{ id: "ben" }], 1]]);
});

test("where somebody is goes out at most twice a second, and the last place is not lost", async () => {
  let now = 0;
  const said = [];
  const whereabouts = new Whereabouts((message) => said.push(message.at), () => now);
  for (let at = 0; at < 10; at += 1) whereabouts.tell({ version: "v", at, playing: true });
  assert.deepEqual(said, [0]);
  now = 600;
  await new Promise((resolve) => setTimeout(resolve, 550));
  assert.deepEqual(said, [0, 9]);
});

test("others are those in this version, and never oneself", () => {
  const here = (id, more) => ({ id, name: id, version: "v1", at: 3, typing: false, ...more });
  const all = [here("me"), here("ada"), here("ben", { version: "v2" }), here("cleo", { at: null })];
  assert.deepEqual(othersIn(all, "me", "v1").map(({ id }) => id), ["ada"]);
});

test("who is typing is said in a line", () => {
  const typing = (...names) => names.map((name) => ({ id: name, name, version: "v1", typing: true }));
  assert.equal(typingLine(typing("Ada"), "me", "v1"), "Ada is typing…");
  assert.equal(typingLine(typing("Ada", "Ben"), "me", "v1"), "Ada and Ben are typing…");
  assert.equal(typingLine(typing("Ada", "Ben", "Cleo"), "me", "v1"), "3 people are typing…");
  assert.equal(typingLine(typing("me"), "me", "v1"), "");
  assert.equal(typingLine(typing("Ada"), "me", "v2"), "");
});
