import { newId } from "../kit/identity.js";

/**
 * Taps at a second: what they mean, how they are sent, and how those not sent yet lie over the known ones. Pure
 * but for ids and the clock.
 *
 * @typedef {import("../kit/contract.js").Reaction} Reaction
 * @typedef {import("../kit/contract.js").ReactionKind} ReactionKind
 * @typedef {import("../kit/contract.js").Person} Person
 * @typedef {import("./comment-store.js").State} State
 * @typedef {import("./outbox.js").Entry} Entry
 * @typedef {Reaction & {pending?: boolean}} ShownReaction
 */

/** Seconds of the music: the same feeling of the same listener this close is the same tap. The server says so too. */
export const MERGED_WITHIN = 3;

/** In the order of the buttons. @type {Record<ReactionKind, string>} */
export const REACTIONS = {
  love: "Love this",
  goosebumps: "Goosebumps",
  "lost-me": "Lost me",
  "too-loud": "Too loud",
  "cannot-hear": "Can’t hear it",
  "words-unclear": "Can’t make out the words",
};

/** @param {string} version @param {ReactionKind} kind @param {number} at @returns {Entry & {reaction: string}} */
export function tapping(version, kind, at) {
  const id = newId();
  const body = { id, kind, at: Math.round(at * 1000) / 1000 };
  return { ...entry("react", id, version), method: "POST", path: `/api/versions/${version}/reactions`, body };
}

/** @param {Pick<Reaction, "id" | "version">} reaction @returns {Entry} */
export function takingBack({ id, version }) {
  return { ...entry("take-back", id, version), method: "DELETE", path: `/api/reactions/${id}` };
}

/** @param {Pick<Reaction, "id" | "version">} reaction @returns {Entry} */
export function bringingBack({ id, version }) {
  return { ...entry("bring-back", id, version), method: "POST", path: `/api/reactions/${id}/restore` };
}

/** @param {import("./outbox.js").Kind} kind @param {string} reaction @param {string} version */
function entry(kind, reaction, version) {
  // Taking back and bringing back are one switch: the last word counts.
  const key = `${kind === "react" ? "react" : "take-back"}:${reaction}`;
  return { key, kind, comment: "", reaction, version, body: undefined, written_at: new Date().toISOString(), refusal: null };
}

/**
 * What this listener tapped already and would only tap again.
 * @template {Reaction} R
 * @param {R[]} reactions @param {string} me @param {ReactionKind} kind @param {number} at
 * @returns {R | undefined}
 */
export function sameTap(reactions, me, kind, at) {
  const apart = (/** @type {Reaction} */ one) => Math.abs(one.at - at);
  const same = reactions.filter((one) => one.author.id === me && one.kind === kind && apart(one) < MERGED_WITHIN);
  return same.sort((a, b) => apart(a) - apart(b))[0];
}

/**
 * Those of a version as the listener should see them, in the order of the music.
 * @param {Iterable<Reaction>} known @param {Entry[]} entries @param {Person} you @param {string} song
 * @param {string} version
 * @returns {ShownReaction[]}
 */
export function reactionsIn(known, entries, you, song, version) {
  /** @type {Map<string, ShownReaction>} */
  const shown = new Map([...known].map((reaction) => [reaction.id, reaction]));
  for (const waiting of entries) {
    const id = waiting.reaction;
    if (!id) continue;
    const before = shown.get(id) ?? (waiting.kind === "react" ? tapped(waiting, id, you, song) : undefined);
    if (before) shown.set(id, { ...before, removed: waiting.kind === "take-back", pending: true });
  }
  return [...shown.values()]
    .filter((reaction) => reaction.version === version && !reaction.removed)
    .sort((a, b) => a.at - b.at || a.id.localeCompare(b.id));
}

/** @param {Entry} entry @param {string} id @param {Person} you @param {string} song @returns {Reaction} */
function tapped({ version, body, written_at }, id, you, song) {
  const author = { id: you.id, kind: you.kind, name: you.name, hue: you.hue };
  return { id, song, version, kind: body.kind, at: body.at, author, created_at: written_at, removed: false };
}

/**
 * Puts in what a request answered, unless an event told something newer since the request was sent.
 * @param {State} state @param {Reaction} reaction @param {number} asOf the state's `seq` when it was sent
 * @returns {State}
 */
export function reactionAnswered(state, reaction, asOf) {
  if ((state.heard.get(reaction.id) ?? 0) > asOf) return state;
  return { ...state, reactions: new Map(state.reactions).set(reaction.id, reaction) };
}

/**
 * Takes over the whole list of one version, save what events told since it was asked for.
 * @param {State} state @param {string} version @param {Reaction[]} items @param {number} asOf
 * @returns {State}
 */
export function replaceReactions(state, version, items, asOf) {
  const newer = (/** @type {Reaction} */ { id }) => (state.heard.get(id) ?? 0) > asOf;
  const kept = [...state.reactions.values()].filter((one) => one.version !== version || newer(one));
  const taken = items.filter((item) => !newer(item));
  return { ...state, reactions: new Map([...kept, ...taken].map((one) => [one.id, one])) };
}
