import { avatar } from "../kit/elements.js";

/**
 * @typedef {import("../kit/contract.js").Here} Here
 * @typedef {import("../kit/contract.js").Version} Version
 */

const SHOWN = 5;

/** "The singer is typing…" @param {Here[]} here @param {string} me @param {string | null} version */
export function typingLine(here, me, version) {
  const names = here.filter((one) => one.typing && one.id !== me && one.version === version).map((one) => one.name);
  const [first, second] = names;
  if (!first) return "";
  if (!second) return `${first} is typing…`;
  return names.length === 2 ? `${first} and ${second} are typing…` : `${names.length} people are typing…`;
}

/** Who else is in this version, with a place in it. @param {Here[]} here @param {string} me @param {string | null} version */
export function othersIn(here, me, version) {
  return here.filter((one) => one.id !== me && one.version === version && one.at !== null);
}

/**
 * The discs in the header. In a large room not everybody is named, so the count is told beside.
 * @param {HTMLElement} block @param {Here[]} here @param {string} me @param {number} count with oneself
 */
export function showHere(block, here, me, count = here.length) {
  const others = here.filter((one) => one.id !== me);
  const shown = others.slice(0, SHOWN);
  const list = block.querySelector("ul");
  block.hidden = others.length === 0;
  list?.replaceChildren(...shown.map(disc), ...more(count - 1 - shown.length));
}

/** @param {Here} one */
function disc(one) {
  const item = document.createElement("li");
  const face = avatar(one);
  const name = document.createElement("span");
  face.setAttribute("aria-hidden", "true");
  face.title = one.name;
  face.classList.toggle("is-playing", one.playing);
  name.className = "visually-hidden";
  name.textContent = one.name;
  item.append(face, name);
  return item;
}

/** @param {number} count */
function more(count) {
  if (count <= 0) return [];
  const item = document.createElement("li");
  item.className = "here-more";
  item.textContent = `+${count}`;
  return [item];
}
