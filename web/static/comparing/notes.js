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

/** Every open one. @param {string} version @param {(id: string) => number | null} numberOf @returns {Promise<Note[]>} */
export async function openNotes(version, numberOf) {
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
