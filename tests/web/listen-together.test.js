import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerClock } from "../../web/static/live/server-clock.js";
import { Steering, placeNow } from "../../web/static/live/steering.js";
import { Together } from "../../web/static/live/together.js";

/** A sound card of its own speed, which takes a while to start and to jump; time is moved by hand. */
class SimulatedHead {
  version = "v1";
  duration = 200;
  rate = 1;
  blocked = false;
  #at = 0;
  #playing = false;
  #soundsAt = 0;

  constructor(world, { lag = 0.08, skew = 1 } = {}) {
    Object.assign(this, { world, lag, skew, jumps: 0, rates: [] });
    world.heads.push(this);
  }

  get time() {
    return this.#at;
  }

  get playing() {
    return this.#playing;
  }

  get running() {
    return this.#playing && this.world.now >= this.#soundsAt;
  }

  advance(milliseconds) {
    if (this.running) this.#at = Math.min(this.duration, this.#at + (milliseconds / 1000) * this.rate * this.skew);
    this.rates.push(this.rate);
  }

  choose(version) {
    if (!this.world.versions.includes(version)) return false;
    this.version = version;
    this.#soundsAt = this.world.now + 300;
    return true;
  }

  seek(at) {
    this.jumps += 1;
    this.#at = at;
    this.#soundsAt = this.world.now + this.lag * 1000;
  }

  play() {
    if (this.refuses) return void (this.blocked = true);
    this.#playing = true;
    this.#soundsAt = this.world.now + this.lag * 1000;
  }

  pause() {
    this.#playing = false;
  }
}

/** A server that stamps and hands on, over wires of a given length in milliseconds each way. */
class World {
  now = 10_000;
  heads = [];
  pages = [];
  versions = ["v1", "v2"];
  #post = [];
  #seats = new Map();
  place = null;
  leader = null;

  page({ lag, skew, clock = 0, there = 3, back = 3 } = {}) {
    const head = new SimulatedHead(this, { lag, skew });
    const page = { head, said: [], steppedOut: 0, refused: [] };
    const listener = { changed: () => {}, refused: (said) => page.refused.push(said), steppedOut: () => (page.steppedOut += 1) };
    const say = (message) => {
      page.said.push(message);
      if (!page.cut) this.#later(there, () => this.#serve(page, message));
    };
    page.together = new Together(head, say, listener, () => this.now + clock);
    page.tell = (message) => !page.cut && this.#later(back, () => page.together.heard(message));
    this.pages.push(page);
    page.tell({ type: "hello" });
    return page;
  }

  #later(wait, action) {
    this.#post.push({ at: this.now + wait, action });
  }

  #serve(page, message) {
    const { do: what, seat } = message;
    if (what === "clock") return page.tell({ type: "clock", sent: message.sent, now: this.now - 7777 });
    if (seat) this.#seats.set(page, seat);
    if (what === "step-out") this.#seats.delete(page);
    if (what === "lead" && (!this.leader || message.over)) this.leader = page;
    if ((what === "lead" || what === "place") && page === this.leader) {
      this.place = { version: message.version, at: message.at, playing: message.playing, when: message.when ?? this.now - 7777 };
    }
    this.tellAll();
  }

  tellAll() {
    for (const page of this.pages) {
      const role = page === this.leader ? "leading" : this.#seats.has(page) ? "following" : "out";
      const place = page.mayNotHear === this.place?.version ? { ...this.place, version: null, at: null, playing: false } : this.place;
      const together = this.leader && { leader: { name: "Ada" }, role, joined: this.#seats.size, away: false, ...place };
      page.tell({ type: "together", together });
    }
  }

  run(seconds) {
    for (let passed = 0; passed < seconds * 1000; passed += 1) {
      this.now += 1;
      for (const head of this.heads) head.advance(1);
      const due = this.#post.filter(({ at }) => at <= this.now);
      this.#post = this.#post.filter(({ at }) => at > this.now);
      for (const { action } of due) action();
      if (this.now % 100 === 0) for (const { together } of this.pages) together.tick();
    }
  }

  /** How far the heads are apart, in milliseconds. */
  get apart() {
    const times = this.heads.map(({ time }) => time * 1000);
    return Math.max(...times) - Math.min(...times);
  }
}

function playingTogether(...others) {
  const world = new World();
  const leader = world.page();
  const followers = others.map((options) => world.page(options));
  world.run(0.1);
  leader.head.play();
  leader.together.lead();
  world.run(1);
  for (const { together } of followers) together.join();
  world.run(4);
  return { world, leader, followers };
}

test("heads come together whatever their clocks, sound cards and wires", () => {
  const { world } = playingTogether({ lag: 0.02, clock: 5e8 }, { lag: 0.4, clock: -123456 }, { skew: 1.003 });
  assert.ok(world.apart < 20, `${world.apart} ms apart`);
});

test("they stay together for minutes, by trims that nobody hears and no more jumps", () => {
  const { world, followers } = playingTogether({ skew: 1.001 }, { skew: 0.999 });
  const jumps = followers.map(({ head }) => head.jumps);
  for (const { head } of followers) head.rates = [];
  for (let second = 0; second < 120; second += 1) {
    world.run(1);
    assert.ok(world.apart < 25, `${world.apart} ms apart`);
  }
  assert.deepEqual(followers.map(({ head }) => head.jumps), jumps);
  for (const { head } of followers) assert.ok(head.rates.every((rate) => Math.abs(rate - 1) <= 0.0201));
});

test("a jump of the leader's is followed", () => {
  const { world, leader, followers } = playingTogether({ lag: 0.2 });
  leader.head.seek(100);
  leader.together.tick();
  world.run(3);
  assert.ok(followers[0].head.time > 102);
  assert.ok(world.apart < 20, `${world.apart} ms apart`);
});

test("a pause stops everyone at the same place, and playing goes on from there", () => {
  const { world, leader, followers } = playingTogether({ lag: 0.1 });
  leader.head.pause();
  leader.together.tick();
  world.run(0.5);
  assert.equal(followers[0].head.playing, false);
  assert.ok(world.apart <= 10);
  leader.head.play();
  leader.together.tick();
  world.run(3);
  assert.equal(followers[0].head.playing, true);
  assert.ok(world.apart < 20);
});

test("another version is followed, at the same second", () => {
  const { world, leader, followers } = playingTogether({ lag: 0.1 });
  leader.head.choose("v2");
  leader.together.tick();
  world.run(4);
  assert.equal(followers[0].head.version, "v2");
  assert.ok(world.apart < 20, `${world.apart} ms apart`);
});

test("a version that is not known here yet is waited for", () => {
  const { world, leader, followers } = playingTogether({});
  leader.head.version = "v3";
  leader.together.tick();
  world.run(1);
  assert.equal(followers[0].head.version, "v1");
  assert.equal(followers[0].together.wants, "following");
  world.versions.push("v3");
  world.run(3);
  assert.equal(followers[0].head.version, "v3");
});

test("a leader who plays what one may not hear makes one wait, and the next version takes one along", () => {
  const { world, leader, followers } = playingTogether({});
  followers[0].mayNotHear = "v2";
  leader.head.choose("v2");
  leader.together.tick();
  world.run(2);
  assert.deepEqual([followers[0].head.version, followers[0].head.playing], ["v1", false]);
  leader.head.choose("v1");
  leader.together.tick();
  world.run(4);
  assert.equal(followers[0].head.playing, true);
  assert.ok(world.apart < 20);
});

test("who uses the player is out of it, and may come back", () => {
  const { world, leader, followers: [gil] } = playingTogether({});
  gil.together.usedPlayer();
  gil.head.seek(3);
  world.run(2);
  assert.equal(gil.steppedOut, 1);
  assert.ok(gil.head.time < 6);
  gil.together.join();
  world.run(3);
  assert.ok(world.apart < 20);
  leader.together.usedPlayer();
  assert.equal(leader.together.wants, "leading");
});

test("who chooses another version is out of it", () => {
  const { world, followers: [gil] } = playingTogether({});
  gil.head.choose("v2");
  world.run(0.5);
  assert.deepEqual([gil.together.wants, gil.steppedOut, gil.head.version], ["out", 1, "v2"]);
});

test("with the connection gone the heads go on together, and afterwards too", () => {
  const { world, leader, followers: [gil] } = playingTogether({ skew: 1.0005 });
  gil.cut = true;
  world.run(10);
  assert.ok(world.apart < 40, `${world.apart} ms apart`);
  gil.cut = false;
  gil.tell({ type: "hello" });
  leader.head.seek(50);
  leader.together.tick();
  world.run(3);
  assert.equal(gil.together.wants, "following");
  assert.ok(world.apart < 20, `${world.apart} ms apart`);
});

test("who takes over leads, and the former leader follows", () => {
  const { world, leader, followers: [gil] } = playingTogether({});
  gil.together.lead(true);
  gil.head.seek(90);
  world.run(3);
  assert.deepEqual([leader.together.wants, gil.together.wants], ["following", "leading"]);
  assert.ok(leader.head.time > 90);
  assert.ok(world.apart < 20, `${world.apart} ms apart`);
});

test("where the browser wants a tap first, nothing is tried again before it", () => {
  const world = new World();
  const leader = world.page();
  const gil = world.page();
  gil.head.refuses = true;
  world.run(0.1);
  leader.head.play();
  leader.together.lead();
  gil.together.join();
  world.run(2);
  assert.equal(gil.head.jumps, 1);
  gil.head.refuses = gil.head.blocked = false;
  gil.together.join();
  world.run(3);
  assert.ok(world.apart < 20, `${world.apart} ms apart`);
});

test("when it is over everybody is out of it and plays on alone", () => {
  const { world, followers: [gil] } = playingTogether({});
  world.leader = null;
  world.tellAll();
  world.run(1);
  assert.equal(gil.together.wants, "out");
  assert.equal(gil.head.rate, 1);
  assert.equal(gil.head.playing, true);
});

test("a leader who loads for long lets the others wait", () => {
  const { world, leader, followers: [gil] } = playingTogether({});
  leader.head.lag = 3;
  leader.head.seek(60);
  leader.together.tick();
  world.run(2);
  assert.equal(gil.head.playing, false);
  world.run(5);
  assert.equal(gil.head.playing, true);
  assert.ok(world.apart < 20, `${world.apart} ms apart`);
});

test("a leader says little while nothing changes", () => {
  const { world, leader } = playingTogether({});
  leader.said.length = 0;
  world.run(20);
  assert.ok(leader.said.filter(({ do: what }) => what === "place").length <= 1);
});

test("the quickest reading of the clock is the one that counts", () => {
  let ours = 0;
  const clock = new ServerClock(() => ours);
  for (const [there, back] of [[400, 10], [12, 8], [3, 900]]) {
    const sent = ours;
    ours += there + back;
    clock.read(sent, sent + there + 5000);
  }
  assert.ok(Math.abs(clock.now() - (ours + 5000)) <= 10);
  assert.equal(clock.trip, 20);
});

test("a pause stands still, and what plays moves on", () => {
  assert.equal(placeNow({ version: "v1", at: 3, playing: false, when: 0 }, 9000), 3);
  assert.equal(placeNow({ version: "v1", at: 3, playing: true, when: 1000 }, 3500), 5.5);
});

test("a poor machine is not made to jump for ever", () => {
  const steering = new Steering();
  steering.begin();
  const steps = Array.from({ length: 20 }, (_, place) => steering.step(10 + (place % 2 ? 0.2 : -0.2), 10));
  assert.ok(steps.filter((step) => "seek" in step).length <= 4);
});
