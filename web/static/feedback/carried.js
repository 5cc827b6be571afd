/**
 * Comments that came along from earlier versions, among those of the version on show. Pure.
 *
 * @typedef {import("../kit/contract.js").Carried} Carried
 * @typedef {import("../kit/contract.js").LiveEvent} LiveEvent
 * @typedef {import("../kit/contract.js").Person} Person
 * @typedef {import("../kit/contract.js").Version} Version
 * @typedef {import("./outbox.js").Entry} Entry
 * @typedef {import("./comment-store.js").Shown} Shown
 * @typedef {import("./comment-store.js").State} State
 * @typedef {import("./comment-store.js").Thread} Thread
 * @typedef {Carried & {number: number, to: number}} Origin `number` of the version it was written on, `to` that on show
 */

/**
 * Each carried comment as a thread of its own, at its place here; what is done or gone by now stays behind.
 * @param {State} state @param {Shown[]} comments @param {Entry[]} entries @param {Person} you @param {string} version
 * @returns {Thread[]}
 */
export function carriedThreads(state, comments, entries, you, version) {
  const byId = new Map(comments.map((comment) => [comment.id, comment]));
  const threads = [];
  for (const item of state.carried.values()) {
    const comment = byId.get(item.comment.id);
    const [from, to] = [item.comment.version, version].map((id) => state.versions.get(id));
    if (item.version !== version || !comment || comment.removed || comment.done || !from || from.removed) continue;
    const place = item.at === null ? {} : { at: item.at, until: item.until };
    const origin = { ...withPendingVerdict(item, entries, you), number: from.number, to: to?.number ?? 0 };
    threads.push({ comment: { ...comment, ...place, origin }, replies: [] });
  }
  return threads.sort((a, b) => a.comment.at - b.comment.at);
}

/** @param {Thread} thread */
export const placeOf = ({ comment }) => comment.origin?.place ?? "found";

/** Those that have a second in this version: in the list, on the waveform. @param {Thread} thread */
export const hasPlace = ({ comment }) => !comment.origin || comment.origin.at !== null;

/**
 * Whether what was carried to a version may be another than before, so that it has to be asked for again.
 * @param {State} state @param {LiveEvent} event @param {string} current
 */
export function movesCarried(state, event, current) {
  const here = state.versions.get(current)?.number ?? 0;
  const earlier = (/** @type {string} */ id) => (state.versions.get(id)?.number ?? 0) < here;
  if (event.comment) return earlier(event.comment.version);
  if (event.verdict) return event.verdict.version !== current || !state.carried.has(event.verdict.comment);
  if (event.comparison) return state.carried.size > 0 && /\.(ready|failed)$/.test(event.type);
  if (event.version) return event.type !== "version.progress" && (event.version.id === current || earlier(event.version.id));
  return false;
}

/** @param {Carried} item @param {Entry[]} entries @param {Person} you @returns {Carried} */
function withPendingVerdict(item, entries, you) {
  const unsent = entries.find((entry) => entry.kind === "verdict" && entry.comment === item.comment.id && entry.version === item.version);
  if (!unsent) return item;
  const { comment, version, body, written_at } = unsent;
  const author = { id: you.id, kind: you.kind, name: you.name, hue: you.hue };
  return { ...item, verdict: body ? { comment, version, verdict: body.verdict, author, said_at: written_at } : null };
}
