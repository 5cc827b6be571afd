import { ApiError } from "../kit/api.js";

/**
 * What this person wrote and the server has not confirmed yet. It lives in the browser's storage, so it
 * survives a dropped network, a reload and a closed tab; ids are made here, so sending twice is harmless.
 *
 * @typedef {"post" | "edit" | "done" | "remove" | "restore" | "verdict" | "react" | "take-back" | "bring-back" |
 *   "answer" | "unanswer" | "reanswer"} Kind
 * @typedef {{
 *   key: string, kind: Kind, comment: string, method: string, path: string, body: any,
 *   version: string, written_at: string, refusal: string | null, reaction?: string, answer?: string, question?: string,
 *   mentioned?: import("../kit/contract.js").Person[],
 * }} Entry `answer` is the id of the answer to a `question` that it is about; `reaction` is the id of the tap it is about, if it is no comment; `refusal` is the server's sentence when it will not take it; the text is kept for its author
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store
 */

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

export class Outbox {
  #sending = false;
  #again = false;
  #failures = 0;
  #timer = 0;
  /** @type {() => void} */
  onChange = () => {};
  /** @type {(entry: Entry, answer: any) => void} */
  onSent = () => {};
  /** @type {(entry: Entry, sentence: string) => void} */
  onRefused = () => {};

  /**
   * @param {Store} store
   * @param {string} name one for each person and song: nobody sends what another wrote
   * @param {(entry: Entry) => Promise<any>} send rejects with ApiError
   * @param {(callback: () => void, milliseconds: number) => number} [later]
   */
  constructor(store, name, send, later = (callback, milliseconds) => Number(setTimeout(callback, milliseconds))) {
    this.store = store;
    this.name = name;
    this.send = send;
    this.later = later;
  }

  /** @returns {Entry[]} oldest first */
  get entries() {
    try {
      return JSON.parse(this.store.getItem(this.name) ?? "[]");
    } catch {
      return [];
    }
  }

  /** A later change of the same kind to the same comment takes the place of an earlier one. @param {Entry} entry */
  add(entry) {
    this.#save([...this.entries.filter((other) => other.key !== entry.key), entry]);
    return this.flush();
  }

  /** @param {string} key */
  discard(key) {
    this.#save(this.entries.filter((entry) => entry.key !== key));
  }

  /** Tries a refused one again, perhaps with another text. @param {string} key @param {object} [changed] */
  retry(key, changed = {}) {
    const again = (/** @type {Entry} */ entry) => ({ ...entry, refusal: null, body: { ...entry.body, ...changed } });
    this.#save(this.entries.map((entry) => (entry.key === key ? again(entry) : entry)));
    return this.flush();
  }

  /** Sends what waits, in the order it was written. */
  async flush() {
    if (this.#sending) {
      this.#again = true;
      return;
    }
    this.#sending = true;
    try {
      do {
        this.#again = false;
        await this.#sendWaiting();
      } while (this.#again);
    } finally {
      this.#sending = false;
    }
  }

  async #sendWaiting() {
    for (let entry = this.#next(); entry; entry = this.#next()) {
      try {
        this.#sent(entry, await this.send(entry));
      } catch (error) {
        if (!(error instanceof ApiError) || error.passing) return this.#wait();
        this.#refused(entry, error.message);
      }
    }
  }

  #next() {
    return this.entries.find((entry) => entry.refusal === null);
  }

  /** @param {Entry} entry @param {any} answer */
  #sent(entry, answer) {
    this.#failures = 0;
    this.onSent(entry, answer);
    // Written again while it was on its way: that text still has to go.
    const same = (/** @type {Entry} */ other) => JSON.stringify(other) === JSON.stringify(entry);
    this.#save(this.entries.filter((other) => !same(other)));
  }

  /** Only words are worth keeping; a tick or a deletion is simply undone. @param {Entry} entry @param {string} sentence */
  #refused(entry, sentence) {
    const kept = entry.kind === "post" || entry.kind === "edit";
    const others = this.entries.filter((other) => other.key !== entry.key);
    const refused = (/** @type {Entry} */ other) => (other.key === entry.key ? { ...other, refusal: sentence } : other);
    this.#save(kept ? this.entries.map(refused) : others);
    this.onRefused(entry, sentence);
  }

  #wait() {
    clearTimeout(this.#timer);
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures);
    this.#failures += 1;
    this.#timer = this.later(() => this.flush(), wait);
  }

  /** @param {Entry[]} entries */
  #save(entries) {
    if (entries.length) this.store.setItem(this.name, JSON.stringify(entries));
    else this.store.removeItem(this.name);
    this.onChange();
  }
}

/** The browser's storage, or this page's memory where it is forbidden or full. @returns {Store} */
export function browserStore() {
  /** @type {Map<string, string>} */
  const memory = new Map();
  return {
    getItem: (key) => memory.get(key) ?? tried(() => localStorage.getItem(key)) ?? null,
    setItem: (key, value) => {
      const stored = tried(() => (localStorage.setItem(key, value), true));
      if (stored) memory.delete(key);
      else memory.set(key, value);
    },
    removeItem: (key) => {
      memory.delete(key);
      tried(() => localStorage.removeItem(key));
    },
  };
}

/** @template T @param {() => T} action @returns {T | undefined} */
function tried(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
