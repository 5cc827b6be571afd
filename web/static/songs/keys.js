import { REACTIONS } from "../feedback/reactions.js";
import { find } from "../kit/elements.js";
import { showKeys, watchKeys } from "../kit/keys.js";
import { pressNewestToast } from "../kit/toast.js";

/**
 * The keys of the review page, each declared here and nowhere else.
 *
 * @typedef {import("./review-page.js").ReviewPage} ReviewPage
 * @typedef {import("../kit/keys.js").Key} Key
 * @typedef {import("../kit/contract.js").ReactionKind} ReactionKind
 */

/** Six beside one another under the left hand, in the order of the buttons. @type {Record<ReactionKind, string>} */
const REACTION_KEYS = { love: "a", goosebumps: "s", "lost-me": "d", "too-loud": "f", "cannot-hear": "g", "words-unclear": "h" };

/** @param {ReviewPage} page @param {{toggle(): void}} together @param {import("../kit/scope.js").Scope} scope */
export function watchReviewKeys(page, together, scope) {
  watchKeys(() => keysOf(page, together), scope);
  for (const [kind, key] of Object.entries(REACTION_KEYS)) {
    const button = document.querySelector(`.reaction-button[data-kind="${kind}"]`);
    if (!button) continue;
    button.setAttribute("aria-keyshortcuts", key);
    find(button, "kbd").textContent = key.toUpperCase();
  }
}

/** @param {ReviewPage} page @param {{toggle(): void}} together @returns {Key[]} */
function keysOf(page, together) {
  return [...hearing(page), ...(page.composer ? saying(page) : []), ...reading(page, together)];
}

/** @param {ReviewPage} page @returns {Key[]} */
function hearing(page) {
  const { player } = page;
  const step = (/** @type {KeyboardEvent} */ { shiftKey }) => (shiftKey ? 5 : 1);
  return [
    { keys: [" ", "k"], does: "Play or pause", act: () => player.toggle() },
    { keys: ["ArrowLeft"], does: "One second back; with Shift five", act: (event) => player.seek(player.time - step(event)) },
    { keys: ["ArrowRight"], does: "One second on; with Shift five", act: (event) => player.seek(player.time + step(event)) },
    { keys: ["Home"], does: "To the beginning", act: () => player.seek(0) },
    { keys: ["End"], does: "To the end", act: () => player.seek(page.version?.duration ?? 0) },
    {
      keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
      shown: ["1", "…", "9"],
      does: "Switch to that version, at the same time",
      act: ({ key }) => page.chooseBeside(Number(key) - 1),
    },
    { keys: ["r"], does: "Mark a range, and end it", act: () => player.mark() },
    { keys: ["l"], does: "Loop", act: () => player.toggleLoop() },
    { keys: ["Escape"], does: "Clear the range", act: () => (player.marking ? player.stopMarking() : (player.range = null)) },
    { keys: ["+", "="], shown: ["+"], does: "Look closer", act: () => player.waveform.zoom(2) },
    { keys: ["-"], does: "Show more of the song", act: () => player.waveform.zoom(0.5) },
    { keys: ["0"], does: "Show all of it", act: () => player.waveform.zoom(0) },
  ];
}

/** What needs a link that takes comments. @param {ReviewPage} page @returns {Key[]} */
function saying(page) {
  const kinds = /** @type {ReactionKind[]} */ (Object.keys(REACTION_KEYS));
  return [
    ...kinds.map((kind) => ({ keys: [REACTION_KEYS[kind]], does: REACTIONS[kind], act: () => page.reactions.tap(kind) })),
    { keys: ["m"], does: "Mark this moment, where the band asks for one", act: () => page.questions.markMoment() },
    { keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"], shown: ["←", "→", "↑", "↓"], does: "Move the point", where: "on a question’s pad" },
    { keys: ["c"], does: "Write a comment at the play head", act: () => page.composer?.begin() },
    { keys: ["Control+Enter"], shown: ["Ctrl", "Enter"], does: "Post what you wrote", where: "while writing" },
    { keys: ["@"], does: "Mention somebody", where: "while writing" },
  ];
}

/** @param {ReviewPage} page @param {{toggle(): void}} together @returns {Key[]} */
function reading(page, together) {
  return [
    { keys: ["n"], does: "Next comment", act: () => page.jump(1) },
    { keys: ["p"], does: "Previous comment", act: () => page.jump(-1) },
    { keys: ["u"], does: "Next comment that is new to you", act: () => page.unread.next() },
    { keys: ["e"], does: "Mark everything as read", act: () => page.unread.markAll() },
    { keys: ["x"], does: "Before or after, while a carried comment is looped", act: () => page.beforeAfter.hear() },
    { keys: ["z"], does: "Undo, or what else the note at the foot offers", act: () => pressNewestToast() },
    { keys: ["t"], does: "Listen together, or step out", act: () => together.toggle() },
    { keys: ["?"], does: "This list", act: () => showKeys(find(document, "#keys-dialog", HTMLDialogElement), keysOf(page, together)) },
  ];
}
