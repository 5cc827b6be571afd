/**
 * Draws what is still in the outbox over what the server has said. Pure.
 *
 * @typedef {import("../kit/contract.js").Comment} Comment
 * @typedef {import("../kit/contract.js").Person} Person
 * @typedef {import("./outbox.js").Entry} Entry
 * @typedef {import("./comment-store.js").Shown} Shown
 */

/**
 * @param {Iterable<Comment>} comments @param {Entry[]} entries @param {Person} you @param {string} song
 * @returns {Shown[]}
 */
export function withPending(comments, entries, you, song) {
  /** @type {Map<string, Shown>} */
  const shown = new Map([...comments].map((comment) => [comment.id, comment]));
  for (const entry of entries) {
    if (entry.kind === "verdict") continue;
    const before = shown.get(entry.comment) ?? (entry.kind === "post" ? written(entry, you, song) : undefined);
    if (before) shown.set(entry.comment, overlaid(before, entry, you));
  }
  return [...shown.values()];
}

/** @param {Entry} entry @param {Person} you @param {string} song @returns {Shown} */
function written(entry, you, song) {
  return {
    id: entry.comment,
    song,
    version: entry.version,
    at: entry.body.at,
    until: entry.body.until ?? null,
    body: entry.body.body,
    reply_to: entry.body.reply_to ?? null,
    author: { id: you.id, kind: you.kind, name: you.name, hue: you.hue },
    created_at: entry.written_at,
    edited_at: null,
    done: null,
    removed: false,
    mentions: [],
  };
}

/** @param {Shown} shown @param {Entry} entry @param {Person} you @returns {Shown} */
function overlaid(shown, { kind, body, written_at, refusal, mentioned }, you) {
  const waiting = refusal === null ? { pending: true } : { refusal };
  if (kind === "remove") return { ...shown, removed: true };
  if (kind === "restore") return { ...shown, removed: false };
  if (kind === "done") return { ...shown, done: body.done ? { by: you.name, at: written_at } : null };
  return { ...shown, body: body.body, mentions: called(shown, body.mentions, mentioned), ...waiting };
}

/**
 * Whom the unsent words call by name; those of before stay as they are.
 * @param {Shown} shown @param {string[] | undefined} ids @param {Person[] | undefined} mentioned
 */
function called(shown, ids = [], mentioned = []) {
  const before = (shown.mentions ?? []).filter(({ id }) => ids.includes(id));
  const added = mentioned.filter(({ id }) => ids.includes(id) && !before.some((one) => one.id === id));
  return [...before, ...added.map(({ id, kind, name }) => ({ id, kind, name, seq: 0 }))];
}
