import { AbLoop } from "../comparing/ab-loop.js";
import { ApiError } from "../kit/api.js";

/**
 * Loops the music around a carried comment as it was and as it is, at equal loudness.
 *
 * @typedef {import("../kit/contract.js").Carried} Carried
 * @typedef {import("../kit/contract.js").Passage} Passage
 * @typedef {import("./carried-item.js").Hearing} Hearing
 */
export class BeforeAfter {
  /** @type {AbLoop | null} */
  #loop = null;
  /** @type {Hearing} */
  hearing = null;

  /** @param {{changed(): void, refused(sentence: string): void}} listener */
  constructor(listener) {
    this.listener = listener;
  }

  /** Begins with how it was, or ends if it is this one that is heard. @param {string} id @param {Carried["hear"]} hear */
  async toggle(id, hear) {
    const same = this.hearing?.id === id;
    this.stop();
    if (same || !hear) return;
    const loop = (this.#loop = new AbLoop({ a: piece(hear.before), b: piece(hear.after) }));
    this.hearing = { id, side: "a" };
    this.listener.changed();
    try {
      await loop.start("a");
    } catch (error) {
      if (this.#loop === loop) this.stop();
      this.listener.refused(error instanceof ApiError ? error.message : "Your browser could not play this.");
    }
  }

  /** The other one from the same place in the music, or the one that is asked for. @param {"a" | "b"} [side] */
  hear(side = this.hearing?.side === "a" ? "b" : "a") {
    if (!this.hearing || !this.#loop) return;
    this.hearing = { ...this.hearing, side };
    this.#loop.switchTo(side);
    this.listener.changed();
  }

  stop() {
    if (!this.hearing) return;
    this.#loop?.stop();
    this.#loop = null;
    this.hearing = null;
    this.listener.changed();
  }
}

/** @param {Passage} passage */
const piece = ({ version, start, end, gain_db }) => ({ version, start, end, gainDb: gain_db });
