import { ApiError } from "../kit/api.js";
import { LiveConnection } from "../live/connection.js";
import { freshPage } from "../songs/fresh-page.js";

/**
 * The live side of a page that shows versions but no comments: which versions there are, who is here, what happens.
 *
 * @typedef {import("../kit/contract.js").Version} Version
 * @typedef {import("../kit/contract.js").LiveEvent} LiveEvent
 * @typedef {import("../kit/contract.js").Here} Here
 * @typedef {import("./comparison.js").SongPage} SongPage
 * @typedef {{heard(event: LiveEvent): void, here(here: Here[]): void, status(lost: boolean): void, changed(): void}} LiveListener
 */

/** A drop shorter than this is nobody's business. */
const QUIET_DROP = 1500;

export class SongLive {
  /** @type {Map<string, Version>} */
  #versions;
  #seq;
  #dropTimer = 0;

  /** @param {SongPage} page @param {LiveListener} listener */
  constructor(page, listener) {
    this.page = page;
    this.listener = listener;
    this.#seq = page.seq;
    this.#versions = new Map(page.versions.map((version) => [version.id, version]));
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const address = () => `${scheme}://${location.host}/api/songs/${page.song.id}/live?since=${this.#seq}`;
    this.connection = new LiveConnection(address, {
      status: (status) => this.#status(status),
      hello: () => {},
      here: (here) => listener.here(here),
      event: (event) => this.#heard(event),
      resync: () => void this.#resync(),
      ended: () => location.reload(),
    });
  }

  start() {
    this.connection.connect();
  }

  /** By number, without the deleted. */
  get versions() {
    return [...this.#versions.values()].filter(({ removed }) => !removed).sort((one, other) => one.number - other.number);
  }

  /** @param {string} id */
  version(id) {
    return this.#versions.get(id);
  }

  /** @param {LiveEvent} event */
  #heard(event) {
    this.#seq = Math.max(this.#seq, event.seq);
    if (event.version) this.#versions.set(event.version.id, event.version);
    this.listener.heard(event);
    if (event.version) this.listener.changed();
  }

  /** Too much was missed to catch up; what is playing goes on. */
  async #resync() {
    try {
      /** @type {SongPage} */
      const page = await freshPage(location.href);
      this.#seq = page.seq;
      this.#versions = new Map(page.versions.map((version) => [version.id, version]));
      this.connection.restart();
      this.listener.changed();
    } catch (error) {
      if (error instanceof ApiError && !error.passing) location.reload();
      else setTimeout(() => this.#resync(), 5000);
    }
  }

  /** @param {import("../live/connection.js").Status} status */
  #status(status) {
    if (status === "reconnecting") this.#dropTimer ||= window.setTimeout(() => this.listener.status(true), QUIET_DROP);
    else if (status !== "connecting") {
      clearTimeout(this.#dropTimer);
      this.#dropTimer = 0;
      this.listener.status(false);
    }
  }
}
