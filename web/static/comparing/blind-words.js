/** What the page of a blind test says of its votes, in the words of templates/compare/_blind_state.html. Pure. */

/** @param {number} votes */
export function votedLine(votes) {
  if (!votes) return "Nobody has voted yet";
  return votes === 1 ? "1 has voted" : `${votes} have voted`;
}

/** How sure so many votes can be at best: all alike is one of two outcomes of `votes` tossed coins. @param {number} votes */
export function ifAllAgree(votes) {
  if (votes < 2) return "";
  return `Even if all ${votes} prefer the same, pure chance does that 1 time in ${2 ** (votes - 1)}.`;
}
