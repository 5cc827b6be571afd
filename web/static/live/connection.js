/**
 * The live connection to one song: events come in order from `since` on, across drops of the network. Only
 * `WebSocket` and timers are needed, both handed in, so it runs without a browser.
 *
 * @typedef {import("../kit/contract.js").LiveEvent} LiveEvent
 * @typedef {import("../kit/contract.js").Here} Here
 * @typedef {import("../kit/contract.js").You} You
 * @typedef {"connecting" | "open" | "reconnecting" | "ended"} Status
 * @typedef {{
 *   status(status: Status): void,
 *   hello(you: You, waits?: string[]): void,
 *   here(here: Here[], count: number): void,
 *   event(event: LiveEvent): void,
 *   seen?(seen: import("../kit/contract.js").Seen): void,
 *   resync(): void,
 *   ended(code: number): void,
 * }} LiveListener
 * @typedef {Pick<WebSocket, "send" | "close" | "readyState" | "onopen" | "onmessage" | "onclose">} Socket
 * @typedef {{setTimeout(callback: () => void, milliseconds: number): any, clearTimeout(timer: any): void}} Timers
 */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const OPEN = 1;
/** Signed out or link ended; no such song. Trying again would not help. */
const FINAL_CODES = [4401, 4404];

/**
 * How long to wait before the next try: twice as long each time, and never at the same moment as everybody
 * else after the server restarts.
 * @param {number} attempt from 0 @param {number} chance 0 to 1
 */
export function backoff(attempt, chance) {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt) * (0.5 + chance / 2);
}

export class LiveConnection {
  /** @type {Socket | null} */
  #socket = null;
  /** @type {any} */
  #timer = null;
  #attempt = 0;
  #closed = false;
  /** Every message, whatever it is, after it was taken to the listener. @type {(message: any) => void} */
  onMessage = () => {};

  /**
   * @param {() => string} address with the number of the last event applied
   * @param {LiveListener} listener
   * @param {(address: string) => Socket} [open]
   * @param {Timers} [timers]
   */
  constructor(address, listener, open = (url) => new WebSocket(url), timers = globalThis) {
    this.address = address;
    this.listener = listener;
    this.open = open;
    this.timers = timers;
  }

  connect() {
    this.timers.clearTimeout(this.#timer);
    this.#timer = null;
    this.listener.status(this.#attempt ? "reconnecting" : "connecting");
    const socket = (this.#socket = this.open(this.address()));
    const current = () => socket === this.#socket;
    socket.onmessage = ({ data }) => current() && this.#received(data);
    socket.onclose = ({ code }) => current() && this.#dropped(code);
  }

  /** The network came back, or the page is looked at again: no reason to wait for the timer. */
  hurry() {
    if (this.#closed || !this.#timer) return;
    this.#attempt = Math.min(this.#attempt, 1);
    this.connect();
  }

  /** The browser says the network is gone; a socket can take minutes to notice. */
  lost() {
    const old = this.#socket;
    if (!old) return;
    this.#dropped(0);
    old.close();
  }

  /** Starts anew from the present `since`, after the page took in a fresh state. */
  restart() {
    const old = this.#socket;
    this.#socket = null;
    old?.close();
    if (!this.#closed) this.connect();
  }

  close() {
    this.#closed = true;
    this.timers.clearTimeout(this.#timer);
    const old = this.#socket;
    this.#socket = null;
    old?.close();
  }

  /** Said only while connected: where somebody was a minute ago is worth nothing. @param {object} message */
  say(message) {
    if (this.#socket?.readyState === OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** @param {string} data */
  #received(data) {
    const frame = JSON.parse(data);
    for (const message of Array.isArray(frame) ? frame : [frame]) {
      this.#dispatch(message);
      this.onMessage(message);
    }
  }

  /** @param {any} message */
  #dispatch(message) {
    if (message.type === "hello") {
      this.#attempt = 0;
      this.listener.status("open");
      this.listener.hello(message.you, message.waits);
      this.listener.here(message.here, message.count);
    } else if (message.type === "presence") this.listener.here(message.here, message.count);
    else if (message.type === "resync") this.listener.resync();
    else if (message.type === "seen") this.listener.seen?.(message);
    else if (typeof message.seq === "number") this.listener.event(message);
  }

  /** @param {number} code */
  #dropped(code) {
    this.#socket = null;
    if (FINAL_CODES.includes(code)) {
      this.#closed = true;
      this.listener.status("ended");
      return this.listener.ended(code);
    }
    this.listener.status("reconnecting");
    this.#timer = this.timers.setTimeout(() => this.connect(), backoff(this.#attempt, Math.random()));
    this.#attempt += 1;
  }
}
