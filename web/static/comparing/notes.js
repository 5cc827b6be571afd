import { request } from "../kit/api.js";

/**
 * What people said of a version, where it stands in it now: its own comments, and those that came along from earlier
 * versions.
 *
 * @typedef {import("../kit/contract.js").Comment} Comment
 * @typedef {{id: string, at: number, until: number, name: string, body: string, from: number | null}} Note `from`: the
 *   number of the version it was written on, null for this one
 * @typedef {{comment: Comment, place: string, at: number | null, until: number | null}} Carried
 */

/** A comment at a moment is about what is heard around it. */
const ABOUT = 2;

/** What was said while somebody types comes in one go. Milliseconds. */
const SETTLES_WITHIN = 400;

/** Those of the version that is looked at, told anew whenever they change. */
export class Notes {
  #of = "";
  #timer = 0;

  /** @param {(id: string) => number | null} numberOf @param {(notes: Note[]) => void} tell */
  constructor(numberOf, tell) {
    this.numberOf = numberOf;
    this.tell = tell;
  }

  /** @param {string} version */
  read(version) {
    clearTimeout(this.#timer);
    if (version !== this.#of) this.tell([]);
    this.#of = version;
    // Without them the comparison is all there still.
    openNotes(version, this.numberOf).then((notes) => version === this.#of && this.tell(notes), () => {});
  }

  /** @param {string} version */
  readSoon(version) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.read(version), SETTLES_WITHIN);
  }
}

/** Every open one. @param {string} version @param {(id: string) => number | null} numberOf @returns {Promise<Note[]>} */
async function openNotes(version, numberOf) {
  const [own, carried] = await Promise.all([
    all(`/api/versions/${version}/comments`),
    // Comparing works without what was carried over.
    all(`/api/versions/${version}/carried`).catch(() => []),
  ]);
  const here = own.filter((/** @type {Comment} */ { done, removed, reply_to }) => !done && !removed && !reply_to);
  const came = carried.filter((/** @type {Carried} */ { place, at }) => (place === "found" || place === "unsure") && at !== null);
  return [
    ...here.map((/** @type {Comment} */ comment) => note(comment, comment.at, comment.until, null)),
    ...came.map((/** @type {Carried} */ { comment, at, until }) => note(comment, at ?? 0, until, numberOf(comment.version))),
  ];
}

/** @param {Comment} comment @param {number} at @param {number | null} until @param {number | null} from @returns {Note} */
const note = ({ id, author, body }, at, until, from) => ({ id, at, until: until ?? at, name: author.name, body, from });

/** Those about a stretch of the version. @param {Note[]} notes @param {number} start @param {number} end seconds */
export function notesWithin(notes, start, end) {
  return notes.filter(({ at, until }) => at <= end + ABOUT && until >= start - ABOUT);
}

/** @param {string} path */
async function all(path) {
  const items = [];
  for (let after = ""; ; ) {
    const answer = await request("GET", after ? `${path}?after=${encodeURIComponent(after)}` : path);
    items.push(...answer.items);
    after = answer.next ?? "";
    if (!after) return items;
  }
}
