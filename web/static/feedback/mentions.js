/**
 * Whom a comment calls by name. It is kept by who they are; their names in the words only tell where to show it. Pure,
 * but for `fillBody`. The server's own rules are in server/feedback/mentions.py.
 *
 * @typedef {import("../kit/contract.js").Person} Person
 * @typedef {import("../kit/contract.js").Mention} Mention
 * @typedef {import("./comment-store.js").Thread} Thread
 */

/** "@Name" as a word: no address of e-mail, no beginning of a longer name. @param {string} name */
const spot = (name) => `(?<![\\p{L}\\p{N}_])@${name.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")}(?![\\p{L}\\p{N}_])`;

/** @param {string} words @param {string} name */
export const isNamed = (words, name) => new RegExp(spot(name), "u").test(words);

/**
 * The words in order, those that call somebody by name apart; the longest name wins.
 * @param {string} words @param {Mention[]} mentions @returns {{text: string, mention: Mention | null}[]}
 */
export function partsOf(words, mentions) {
  if (!mentions.length) return [{ text: words, mention: null }];
  const byLength = [...mentions].sort((one, other) => other.name.length - one.name.length);
  const parts = [];
  let end = 0;
  for (const match of words.matchAll(new RegExp(byLength.map(({ name }) => spot(name)).join("|"), "gu"))) {
    const mention = byLength.find(({ name }) => match[0] === `@${name}`) ?? null;
    parts.push({ text: words.slice(end, match.index), mention: null }, { text: match[0], mention });
    end = match.index + match[0].length;
  }
  return [...parts, { text: words.slice(end), mention: null }].filter(({ text }) => text);
}

/**
 * Who is called by name in words about to be sent: those picked from the list, and whoever was typed in full, if
 * there is only one of that name.
 * @param {string} words @param {Person[]} people @param {Person[]} picked the latest last
 */
export function calledIn(words, people, picked) {
  /** @type {Map<string, Person | null>} */
  const byName = new Map();
  for (const one of people) byName.set(one.name, byName.has(one.name) && byName.get(one.name)?.id !== one.id ? null : one);
  for (const one of picked) byName.set(one.name, one);
  const names = [...byName.keys()].sort((one, other) => other.length - one.length);
  const found = [];
  let rest = words;
  for (const name of names) {
    const one = byName.get(name);
    if (!isNamed(rest, name)) continue;
    // "@Ann Lee" calls nobody who is only called Ann.
    rest = rest.replaceAll(new RegExp(spot(name), "gu"), " ");
    if (one) found.push(one);
  }
  return found;
}

/** @param {{mentions?: Mention[]}} comment @param {string} me */
export const mentions = (comment, me) => (comment.mentions ?? []).some(({ id }) => id === me);

/** @param {Thread} thread @param {string} me */
export const threadMentions = ({ comment, replies }, me) => [comment, ...replies].some((each) => mentions(each, me));

/** Text as text; names stand out. @param {HTMLElement} body @param {{body: string, mentions?: Mention[]}} comment @param {string} me */
export function fillBody(body, comment, me) {
  const called = comment.mentions ?? [];
  if (!called.length) {
    body.textContent = comment.body;
    return;
  }
  body.replaceChildren(
    ...partsOf(comment.body, called).map(({ text, mention }) => {
      if (!mention) return text;
      const name = document.createElement("span");
      name.className = mention.id === me ? "mention is-you" : "mention";
      name.textContent = text;
      return name;
    }),
  );
}
