import { newId } from "../kit/identity.js";
import { ServerClock } from "./server-clock.js";
import { Steering, driftOf, placeNow } from "./steering.js";

/**
 * Listening together, as one page takes part in it: it leads and says where it is, or follows and steers its
 * play head there, or is out of it. What others do comes over the live connection; see server/live/leading.py.
 *
 * @typedef {import("../kit/contract.js").Person} Person
 * @typedef {"leading" | "following" | "out"} Role
 * @typedef {import("./steering.js").LeaderPlace & {leader: Person, role: Role, joined: number, away: boolean}} Told
 *   `version` is null where this listener may not hear what the leader plays
 * @typedef {{
 *   readonly version: string, readonly time: number, readonly duration: number, readonly playing: boolean,
 *   readonly running: boolean, readonly blocked: boolean, rate: number,
 *   choose(version: string): boolean, seek(at: number): void, play(): void, pause(): void,
 * }} Head `running`: it sounds just now; `blocked`: the browser wants a tap first; `choose` fails where a version
 *   is not known here yet
 * @typedef {{changed(): void, refused(sentence: string): void, steppedOut(): void}} TogetherListener
 */

const FIRST_READINGS = 5;
const READINGS_APART = 120;
const READ_EVERY = 5000;
/** A leader's head this far from where everybody thinks it is says so; small corrections come seldom. */
const DRIFT = 0.012;
const JUMP = 0.25;
const CORRECT_EVERY = 500;
/** A leader's page that loads for longer than this lets the others wait too. */
const STALLED = 400;
/** After a reconnection the leader may come back later than we do. */
const PATIENCE = 15_000;

export class Together {
  seat = newId();
  /** @type {Role} what this listener wants to be; the server's word may be under way still */
  wants = "out";
  /** @type {Told | null} */
  told = null;
  #steering = new Steering();
  /** The version on which this page was brought to the leader. */
  #brought = "";
  /** @type {{version: string, at: number, playing: boolean, when: number} | null} what we, leading, said last */
  #said = null;
  #saidAt = 0;
  #ranAt = 0;
  #readings = 0;
  #readAt = -Infinity;
  #waitingSince = 0;

  /** @param {Head} head @param {(message: object) => void} say @param {TogetherListener} listener @param {() => number} [now] */
  constructor(head, say, listener, now = () => performance.now()) {
    this.head = head;
    this.say = say;
    this.listener = listener;
    this.ours = now;
    this.clock = new ServerClock(now);
  }

  /** @param {boolean} [over] from whoever leads now */
  lead(over = false) {
    this.#become("leading");
    this.#said = null;
    this.#speak({ do: "lead", seat: this.seat, over, ...this.#here() });
  }

  join() {
    this.#become("following");
    this.#brought = "";
    this.#steering.begin();
    this.#speak({ do: "join", seat: this.seat });
    // At once: the browser may play only for as long as the tap is fresh.
    this.tick();
  }

  stepOut() {
    this.#become("out");
    this.head.rate = 1;
    this.#speak({ do: "step-out" });
  }

  /** The listener used the player: who leads takes the others along, who follows is on their own now. */
  usedPlayer() {
    if (this.wants !== "following") return;
    this.stepOut();
    this.listener.steppedOut();
  }

  /** @param {any} message of the live connection, an event or not */
  heard(message) {
    if (message.type === "hello") this.#connected();
    else if (message.type === "clock") this.clock.read(message.sent, message.now);
    else if (message.type === "together") this.#hear(message.together);
    else if (message.type === "together-refused") this.#refused(message.message);
  }

  /** A few times a second, and whenever the player does something. */
  tick() {
    this.#readClock();
    if (this.wants === "leading" && this.told?.role === "leading") this.#tellPlace();
    else if (this.wants === "following" && this.told) this.#follow(this.told);
    else if (this.wants !== "out" && !this.told && this.ours() - this.#waitingSince > PATIENCE) this.#over();
  }

  /** @param {Role} role */
  #become(role) {
    this.wants = role;
    this.#waitingSince = this.ours();
    this.listener.changed();
  }

  #connected() {
    this.clock.forget();
    this.#readings = 0;
    this.#waitingSince = this.ours();
    const wanted = this.wants;
    this.told = null;
    if (wanted === "leading") this.lead();
    if (wanted === "following") this.#speak({ do: "join", seat: this.seat });
    this.listener.changed();
  }

  /** @param {Told | null} told */
  #hear(told) {
    const before = this.told;
    this.told = told;
    if (!told) {
      // Nobody leads: it is over, or (just after a reconnection) the leader is still on the way.
      if (before && this.wants !== "out") this.#over();
    } else if (this.wants !== "out" && told.role !== "out") this.#turn(told.role);
    if (told && changedCourse(before, told)) this.#steering.begin();
    this.tick();
    this.listener.changed();
  }

  /** @param {Role} role as the server has it */
  #turn(role) {
    if (role === this.wants) return;
    if (role === "following") this.#brought = this.head.version;
    this.#said = null;
    this.head.rate = 1;
    this.wants = role;
  }

  #over() {
    this.told = null;
    this.head.rate = 1;
    this.#become("out");
  }

  /** @param {string} sentence */
  #refused(sentence) {
    this.wants = this.told?.role ?? "out";
    this.listener.refused(sentence);
    this.listener.changed();
  }

  #readClock() {
    if (!this.told && this.wants === "out") return;
    const apart = this.#readings < FIRST_READINGS ? READINGS_APART : READ_EVERY;
    if (this.ours() - this.#readAt < apart) return;
    this.#readings += 1;
    this.#readAt = this.ours();
    this.#speak({ do: "clock", sent: this.#readAt });
  }

  #here() {
    const now = this.ours();
    if (this.head.running || !this.head.playing) this.#ranAt = now;
    const playing = this.head.playing && now - this.#ranAt < STALLED;
    const when = this.clock.known ? { when: this.clock.now() } : {};
    return { version: this.head.version, at: Math.max(0, this.head.time), playing, ...when };
  }

  #tellPlace() {
    const here = this.#here();
    const now = this.clock.now();
    const said = this.#said;
    const same = said !== null && said.version === here.version && said.playing === here.playing;
    const drift = same ? Math.abs(driftOf(said, here.at, now)) : Infinity;
    if (drift < DRIFT || (drift < JUMP && this.ours() - this.#saidAt < CORRECT_EVERY)) return;
    this.#said = { ...here, when: now };
    this.#saidAt = this.ours();
    this.#speak({ do: "place", ...here });
  }

  /** @param {Told} told */
  #follow(told) {
    const { head } = this;
    if (!this.clock.known) return;
    if (told.version === null) return void (head.playing && head.pause());
    if (head.version !== told.version && !this.#changeVersion(told.version)) return;
    this.#brought = told.version;
    const target = Math.min(placeNow(told, this.clock.now()), head.duration);
    if (!told.playing || target >= head.duration) return this.#rest(target);
    if (head.blocked) return;
    if (!head.playing) {
      head.seek(this.#steering.ahead(target));
      head.play();
    } else if (head.running) this.#steer(target);
  }

  /** @param {string} version @returns {boolean} whether the head is on it now */
  #changeVersion(version) {
    if (this.#brought === version) {
      // We were there already: this listener chose another one.
      this.usedPlayer();
      return false;
    }
    this.#steering.begin();
    return this.head.choose(version);
  }

  /** @param {number} target */
  #rest(target) {
    const { head } = this;
    head.rate = 1;
    if (head.playing) head.pause();
    if (Math.abs(head.time - target) > 0.01) head.seek(target);
  }

  /** @param {number} target */
  #steer(target) {
    const step = this.#steering.step(this.head.time, target);
    if ("seek" in step) this.head.seek(step.seek);
    else this.head.rate = step.rate;
  }

  /** @param {object} message */
  #speak(message) {
    this.say({ type: "listen_together", ...message });
  }
}

/** Whether the leader did something, rather than play on. @param {Told | null} before @param {Told} told */
function changedCourse(before, told) {
  if (!before || before.version !== told.version || before.playing !== told.playing) return true;
  return Math.abs(driftOf(before, told.at ?? 0, told.when)) > 0.1;
}
