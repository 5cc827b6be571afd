import { newId } from "../kit/identity.js";

/**
 * The outbox entries for what a person can do with comments. Pure but for ids and the clock.
 *
 * @typedef {import("./outbox.js").Entry} Entry
 * @typedef {import("../kit/contract.js").Comment} Comment
 * @typedef {import("../kit/contract.js").Person} Person
 */

/**
 * @param {{
 *   version: string, at: number, until?: number | null, body: string, reply_to?: string | null, mentioned?: Person[],
 * }} draft `mentioned` whom the words call by name
 * @returns {Entry}
 */
export function posting({ version, at, until = null, body, reply_to = null, mentioned = [] }) {
  const id = newId();
  const thousandths = (/** @type {number} */ seconds) => Math.round(seconds * 1000) / 1000;
  const sent = {
    id,
    at: thousandths(at),
    body,
    ...(until === null ? {} : { until: thousandths(until) }),
    ...(reply_to === null ? {} : { reply_to }),
    ...(mentioned.length ? { mentions: mentioned.map((one) => one.id) } : {}),
  };
  return { ...change("post", id, version), method: "POST", path: `/api/versions/${version}/comments`, body: sent, mentioned };
}

/** @param {Comment} comment @param {string} body @param {Person[]} [mentioned] @returns {Entry} */
export function editing(comment, body, mentioned = []) {
  const names = mentioned.length || comment.mentions?.length;
  const sent = { body, ...(names ? { mentions: mentioned.map(({ id }) => id) } : {}) };
  return { ...change("edit", comment.id, comment.version), method: "PATCH", body: sent, mentioned };
}

/** @param {Comment} comment @param {boolean} done @returns {Entry} */
export function marking(comment, done) {
  return { ...change("done", comment.id, comment.version), method: "PATCH", body: { done } };
}

/** @param {Comment} comment @returns {Entry} */
export function removing(comment) {
  return { ...change("remove", comment.id, comment.version), method: "DELETE", body: undefined };
}

/** @param {Comment} comment @returns {Entry} */
export function restoring(comment) {
  const path = `/api/comments/${comment.id}/restore`;
  return { ...change("restore", comment.id, comment.version), method: "POST", path, body: undefined };
}

/**
 * Whether this version answers it; null takes that back.
 * @param {string} comment @param {string} version @param {import("../kit/contract.js").VerdictWord | null} word
 * @returns {Entry}
 */
export function answering(comment, version, word) {
  const path = `/api/versions/${version}/comments/${comment}/verdict`;
  const said = word === null ? { method: "DELETE", body: undefined } : { method: "PUT", body: { verdict: word } };
  return { ...change("verdict", comment, version), key: `verdict:${version}:${comment}`, path, ...said };
}

/** @param {import("./outbox.js").Kind} kind @param {string} comment @param {string} version */
function change(kind, comment, version) {
  // Deleting and its undo are one switch: the last word counts.
  const key = `${kind === "restore" ? "remove" : kind}:${comment}`;
  const written_at = new Date().toISOString();
  return { key, kind, comment, version, path: `/api/comments/${comment}`, written_at, refusal: null };
}
