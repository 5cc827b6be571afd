/**
 * What is new to this listener: the server's list, what was told live since, less what was on their screen. Pure.
 *
 * @typedef {import("../kit/contract.js").Comment} Comment
 * @typedef {import("../kit/contract.js").LiveEvent} LiveEvent
 * @typedef {import("../kit/contract.js").Seen} Seen
 * @typedef {import("../kit/contract.js").UnreadItem} Item
 * @typedef {{
 *   revision: number, asOf: number, items: ReadonlyMap<string, Item>, gone: ReadonlySet<string>,
 *   read: ReadonlySet<number>,
 * }} Unread `items` by comment; `gone` the comments that were taken away, which may come back; `read` the numbers
 *   that were on this screen and that no answer of the server has confirmed yet
 */

/** @param {Seen} seen @returns {Unread} */
export function unreadOf(seen) {
  return { revision: seen.revision, asOf: seen.seq, items: byComment(seen.unread), gone: new Set(), read: new Set() };
}

/** @param {Unread} state @param {LiveEvent} event @param {string} me @returns {Unread} */
export function heard(state, event, me) {
  const { comment, seq } = event;
  if (!comment || seq <= state.asOf) return state;
  const next = { ...state, asOf: seq };
  if (comment.removed) return { ...next, gone: new Set([...state.gone, comment.id]) };
  const gone = new Set([...state.gone].filter((id) => id !== comment.id));
  const mention = comment.mentions?.find(({ id }) => id === me);
  const isNew = event.type === "comment.added" || mention?.seq === seq;
  if (!isNew || comment.author.id === me) return { ...next, gone };
  const thread = comment.reply_to ?? comment.id;
  const item = { comment: comment.id, version: comment.version, thread, seq, mention: mention !== undefined };
  return { ...next, gone, items: new Map([...state.items, [comment.id, item]]) };
}

/**
 * Takes over the server's list; an older one than is known changes nothing. What was told after it was made stays.
 * @param {Unread} state @param {Seen} seen @returns {Unread}
 */
export function takenOver(state, seen) {
  if (seen.revision < state.revision || (seen.revision === state.revision && seen.seq < state.asOf)) return state;
  const later = [...state.items.values()].filter((item) => item.seq > seen.seq);
  const items = new Map([...byComment(seen.unread), ...byComment(later)]);
  const listed = new Set([...items.values()].map((item) => item.seq));
  const read = new Set([...state.read].filter((number) => listed.has(number)));
  return { ...state, revision: seen.revision, asOf: Math.max(state.asOf, seen.seq), items, read };
}

/** They were on the screen. @param {Unread} state @param {Iterable<number>} numbers @returns {Unread} */
export function seen(state, numbers) {
  return { ...state, read: new Set([...state.read, ...numbers]) };
}

/** The server will not be told of these after all. @param {Unread} state @param {Iterable<number>} numbers @returns {Unread} */
export function unseen(state, numbers) {
  const back = new Set(numbers);
  return { ...state, read: new Set([...state.read].filter((number) => !back.has(number))) };
}

/** Those to be shown as new, oldest first. @param {Unread} state @returns {Item[]} */
export function unreadIn({ items, gone, read }) {
  const shown = (/** @type {Item} */ item) => !read.has(item.seq) && !gone.has(item.comment) && !gone.has(item.thread);
  return [...items.values()].filter(shown).sort((one, other) => one.seq - other.seq);
}

/** @param {Item[]} unread @returns {Map<string, number>} by version */
export function countByVersion(unread) {
  const counts = new Map();
  for (const { version } of unread) counts.set(version, (counts.get(version) ?? 0) + 1);
  return counts;
}

/** @param {Item[]} items */
const byComment = (items) => new Map(items.map((item) => [item.comment, item]));
