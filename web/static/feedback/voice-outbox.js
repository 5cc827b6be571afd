import { ApiError, refusal, whole } from "../kit/api.js";

/**
 * Voice notes that the server has not confirmed yet. They are too large for the comments' outbox, so they wait in
 * IndexedDB; like there, ids are made here, and what is sent twice exists once.
 *
 * @typedef {{id: string, version: string, at: number, until: number | null, recording: Blob, owner: string}} Note
 * @typedef {{all(): Promise<Note[]>, put(note: Note): Promise<unknown>, remove(id: string): Promise<unknown>}} NoteStore
 */

const AGAIN_AFTER = 5000;

export class VoiceOutbox {
  #sending = false;
  #timer = 0;
  /** @type {(waiting: number) => void} */
  onChange = () => {};
  /** @type {(comment: import("../kit/contract.js").Comment) => void} */
  onSent = () => {};
  /** @type {(sentence: string) => void} */
  onRefused = () => {};

  /** @param {NoteStore} store @param {string} owner nobody sends what another said @param {(note: Note) => Promise<any>} send */
  constructor(store, owner, send = sendNote) {
    this.store = store;
    this.owner = owner;
    this.send = send;
  }

  /** @param {Omit<Note, "owner">} note */
  async add(note) {
    await this.store.put({ ...note, owner: this.owner });
    await this.flush();
  }

  async flush() {
    if (this.#sending) return;
    this.#sending = true;
    clearTimeout(this.#timer);
    try {
      for (let notes = await this.#mine(); notes[0]; notes = await this.#mine()) {
        this.onChange(notes.length);
        if (!(await this.#sent(notes[0]))) return void (this.#timer = window.setTimeout(() => this.flush(), AGAIN_AFTER));
      }
      this.onChange(0);
    } finally {
      this.#sending = false;
    }
  }

  async #mine() {
    return (await this.store.all()).filter((note) => note.owner === this.owner);
  }

  /** Whether it is off our hands. @param {Note} note */
  async #sent(note) {
    try {
      const comment = await this.send(note);
      await this.store.remove(note.id);
      this.onSent(comment);
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing) return false;
      await this.store.remove(note.id);
      this.onRefused(error.message);
    }
    return true;
  }
}

/** @param {Note} note */
async function sendNote({ id, version, at, until, recording }) {
  const form = new FormData();
  form.set("id", id);
  form.set("at", String(at));
  if (until !== null) form.set("until", String(until));
  form.set("file", recording, "note");
  const answer = await whole(fetch(`/api/versions/${version}/voice-notes`, { method: "POST", body: form }));
  if (!answer.ok) throw await refusal(answer);
  return whole(answer.json());
}

/** The browser's database, or this page's memory where it is forbidden. @returns {NoteStore} */
export function noteStore() {
  /** @type {Map<string, Note>} */
  const memory = new Map();
  const inMemory = {
    all: async () => [...memory.values()],
    put: async (/** @type {Note} */ note) => memory.set(note.id, note),
    remove: async (/** @type {string} */ id) => memory.delete(id),
  };
  const opened = open().catch(() => null);
  /** @template T @param {IDBTransactionMode} mode @param {(notes: IDBObjectStore) => IDBRequest<T>} ask @param {() => Promise<any>} otherwise */
  const asked = async (mode, ask, otherwise) => {
    const database = await opened;
    return database ? done(ask(database.transaction("notes", mode).objectStore("notes"))) : otherwise();
  };
  return {
    all: () => asked("readonly", (notes) => notes.getAll(), inMemory.all),
    put: (note) => asked("readwrite", (notes) => notes.put(note), () => inMemory.put(note)),
    remove: (id) => asked("readwrite", (notes) => notes.delete(id), () => inMemory.remove(id)),
  };
}

function open() {
  const request = indexedDB.open("earmark-voice", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("notes", { keyPath: "id" });
  return done(request);
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
