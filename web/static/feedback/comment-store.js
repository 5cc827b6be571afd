import { threadMentions } from "./mentions.js";

/**
 * What the page knows of comments and versions, changed only by putting whole objects in by their id. Pure:
 * every function returns a new state.
 *
 * @typedef {import("../kit/contract.js").Comment} Comment
 * @typedef {import("../kit/contract.js").Version} Version
 * @typedef {import("../kit/contract.js").Reaction} Reaction
 * @typedef {import("../kit/contract.js").LiveEvent} LiveEvent
 * @typedef {import("../kit/contract.js").Carried} Carried
 * @typedef {import("../kit/contract.js").Verdict} Verdict
 * @typedef {"open" | "done" | "mine" | "mentioned"} Filter
 * @typedef {{comment: Shown, replies: Shown[]}} Thread
 * @typedef {import("./carried.js").Origin} Origin
 * @typedef {Comment & {pending?: boolean, refusal?: string, origin?: Origin}} Shown a comment as drawn, unsent
 *   changes included; `origin` where it came from an earlier version
 * @typedef {{
 *   seq: number,
 *   comments: ReadonlyMap<string, Comment>,
 *   versions: ReadonlyMap<string, Version>,
 *   reactions: ReadonlyMap<string, Reaction>,
 *   heard: ReadonlyMap<string, number>,
 *   carried: ReadonlyMap<string, Carried>,
 *   questions: ReadonlyMap<string, import("../kit/contract.js").Question>,
 *   answers: ReadonlyMap<string, import("../kit/contract.js").Answer>,
 *   waits: readonly string[],
 * }} State `waits` names the versions of which others' words are kept back until they are heard; `heard` tells at which event an object was last put in
 */

/**
 * @param {{
 *   seq: number, comments: Comment[], versions: Version[], carried?: Carried[], reactions?: Reaction[],
 *   questions?: import("../kit/contract.js").Question[], answers?: import("../kit/contract.js").Answer[],
 *   waits?: string[],
 * }} page
 * @returns {State}
 */
export function stateOf({ seq, comments, versions, carried = [], reactions = [], questions = [], answers = [], waits = [] }) {
  const byId = (/** @type {{id: string}[]} */ items) => new Map(items.map((item) => [item.id, item]));
  return {
    seq,
    comments: /** @type {Map<string, Comment>} */ (byId([...comments, ...carried.map((item) => item.comment)])),
    versions: /** @type {Map<string, Version>} */ (byId(versions)),
    reactions: /** @type {Map<string, Reaction>} */ (byId(reactions)),
    heard: new Map(),
    carried: new Map(carried.map((item) => [item.comment.id, item])),
    questions: new Map(questions.map((item) => [item.id, item])),
    answers: new Map(answers.map((item) => [item.id, item])),
    waits,
  };
}

/** Applying an event twice, or one that the page was already drawn with, changes nothing.
 * @param {State} state @param {LiveEvent} event @returns {State} */
export function applyEvent(state, event) {
  if (event.seq <= state.seq) return state;
  const next = { ...state, seq: event.seq };
  const put = event.comment ?? event.version ?? event.reaction ?? event.question ?? event.answer;
  if (put) next.heard = withEntry(state.heard, put.id, event.seq);
  if (event.comment) next.comments = withEntry(state.comments, event.comment.id, event.comment);
  if (event.version) next.versions = withEntry(state.versions, event.version.id, event.version);
  if (event.reaction) next.reactions = withEntry(state.reactions, event.reaction.id, event.reaction);
  if (event.question) next.questions = withEntry(state.questions, event.question.id, event.question);
  if (event.answer) next.answers = withEntry(state.answers, event.answer.id, event.answer);
  return event.verdict ? withVerdict(next, event.verdict, event.seq) : next;
}

/** Whether events between the last one and this one are missing. @param {State} state @param {LiveEvent} event */
export const leavesGap = (state, event) => event.seq > state.seq + 1;

/**
 * Puts in what a request answered, unless an event told something newer since the request was sent.
 * @param {State} state @param {Comment} comment @param {number} asOf the state's `seq` when it was sent
 * @returns {State}
 */
export function applyAnswer(state, comment, asOf) {
  if ((state.heard.get(comment.id) ?? 0) > asOf) return state;
  return { ...state, comments: withEntry(state.comments, comment.id, comment) };
}

/**
 * Takes over the whole list of one version, save what events told since it was asked for.
 * @param {State} state @param {string} version @param {Comment[]} items @param {number} asOf
 * @returns {State}
 */
export function replaceComments(state, version, items, asOf) {
  const newer = (/** @type {Comment} */ comment) => (state.heard.get(comment.id) ?? 0) > asOf;
  const kept = [...state.comments.values()].filter((comment) => comment.version !== version || newer(comment));
  const taken = items.filter((item) => !newer(state.comments.get(item.id) ?? item));
  return { ...state, comments: new Map([...kept, ...taken].map((comment) => [comment.id, comment])) };
}

/**
 * Takes over what was carried to a version, save what events told since it was asked for.
 * @param {State} state @param {Carried[]} items @param {number} asOf
 * @returns {State}
 */
export function replaceCarried(state, items, asOf) {
  const newer = (/** @type {string} */ key) => (state.heard.get(key) ?? 0) > asOf;
  const comments = new Map(state.comments);
  for (const { comment } of items) if (!newer(comment.id)) comments.set(comment.id, comment);
  const kept = (/** @type {Carried} */ item) => {
    const known = state.carried.get(item.comment.id);
    const heard = newer(verdictKey(item.comment.id, item.version)) && known?.version === item.version;
    return heard ? { ...item, verdict: known.verdict } : item;
  };
  return { ...state, comments, carried: new Map(items.map((item) => [item.comment.id, kept(item)])) };
}

/**
 * What a request to give an answer, or to take it back, has brought.
 * @param {State} state @param {string} comment @param {string} version @param {Verdict | null} verdict @param {number} asOf
 * @returns {State}
 */
export function applyVerdict(state, comment, version, verdict, asOf) {
  const item = state.carried.get(comment);
  const isNewer = (state.heard.get(verdictKey(comment, version)) ?? 0) > asOf;
  if (!item || item.version !== version || isNewer) return state;
  return { ...state, carried: withEntry(state.carried, comment, { ...item, verdict }) };
}

/** @param {State} state @param {Verdict} verdict @param {number} seq @returns {State} */
function withVerdict(state, verdict, seq) {
  const given = verdict.verdict === null ? null : verdict;
  const next = applyVerdict(state, verdict.comment, verdict.version, given, Infinity);
  return { ...next, heard: withEntry(state.heard, verdictKey(verdict.comment, verdict.version), seq) };
}

/** @param {string} comment @param {string} version */
const verdictKey = (comment, version) => `verdict:${version}:${comment}`;

/** The versions that are there, by number. @param {State} state */
export function visibleVersions(state) {
  return [...state.versions.values()].filter((version) => !version.removed).sort((a, b) => a.number - b.number);
}

/**
 * Comments of a version with their replies, in the order of the music.
 * @param {Shown[]} comments @param {string} version
 * @returns {Thread[]}
 */
export function threadsOf(comments, version) {
  const here = comments.filter((comment) => comment.version === version && !comment.removed);
  const inOrder = here.filter((comment) => !comment.reply_to).sort((a, b) => a.at - b.at || byAge(a, b));
  /** @type {Map<string, Thread>} */
  const threads = new Map(inOrder.map((comment) => [comment.id, { comment, replies: [] }]));
  for (const comment of here.sort(byAge)) threads.get(comment.reply_to ?? "")?.replies.push(comment);
  return [...threads.values()];
}

/** @param {Thread[]} threads @param {Filter} filter @param {string} me */
export function filtered(threads, filter, me) {
  return threads.filter((thread) => matches(thread, filter, me));
}

/** @param {Thread[]} threads @param {string} me */
export function counts(threads, me) {
  const count = (/** @type {Filter} */ filter) => filtered(threads, filter, me).length;
  return { open: count("open"), done: count("done"), mine: count("mine"), mentioned: count("mentioned") };
}

/** @param {Thread} thread @param {Filter} filter @param {string} me */
function matches(thread, filter, me) {
  const { comment } = thread;
  if (filter === "mentioned") return threadMentions(thread, me);
  if (filter === "mine") return comment.author.id === me;
  return (comment.done !== null) === (filter === "done");
}

/** @param {Comment} a @param {Comment} b */
const byAge = (a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || a.id.localeCompare(b.id);

/**
 * @template V
 * @param {ReadonlyMap<string, V>} map @param {string} key @param {V} value
 */
const withEntry = (map, key, value) => new Map(map).set(key, value);
