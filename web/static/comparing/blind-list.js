import { request } from "../kit/api.js";
import { clockSpan } from "../kit/clock.js";
import { find, make } from "../kit/elements.js";
import { votedLine } from "./blind-words.js";

/** The song's blind tests, so that one is found again after its page was closed. @typedef {import("../kit/contract.js").BlindTest} BlindTest */

/** @param {HTMLElement} block with a `ul` in it; it stays hidden where there are none @param {string} song */
export async function showBlindTests(block, song) {
  block.hidden = true;
  // A list that cannot be had now is no reason to hold up whoever wants to make a new test.
  const answer = await request("GET", `/api/songs/${song}/blind-tests`).catch(() => ({ items: [] }));
  find(block, "ul").replaceChildren(...answer.items.map(row));
  block.hidden = answer.items.length === 0;
}

/** @param {BlindTest} test */
function row(test) {
  const state = `${clockSpan(test.at, test.until)} · ${test.revealed ? "revealed" : votedLine(test.votes)}`;
  const link = make("a", { href: `/songs/${test.song}/blind/${test.id}` }, test.question, make("span", { class: "soft", text: state }));
  return make("li", {}, link);
}
