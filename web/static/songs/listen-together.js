import { find } from "../kit/elements.js";
import { showToast } from "../kit/toast.js";
import { Together } from "../live/together.js";

/**
 * The bar, the button and the question of listening together, and the page's play head as it is steered.
 *
 * @typedef {import("./review-page.js").ReviewPage} ReviewPage
 * @typedef {import("../live/together.js").Head} Head
 * @typedef {import("../live/together.js").Told} Told
 * @typedef {import("../kit/scope.js").Scope} Scope
 */

const TICK = 100;

/** @param {ReviewPage} page @param {Scope} scope @returns {{toggle(): void}} what the key does */
export function watchTogether(page, scope) {
  const { connection } = page.feed;
  const together = new Together(headOf(page), (message) => connection.say(message), {
    changed: () => draw(page, together),
    refused: (sentence) => showToast(sentence),
    steppedOut: () => showToast("You stepped out.", { action: "Back in", onAction: () => together.join() }),
  });
  let leader = "";
  connection.onMessage = (message) => {
    together.heard(message);
    leader = sayWhoLeads(together, leader);
  };
  const toggle = () => {
    if (together.wants !== "out") together.stepOut();
    else if (together.told) joinBy(page, together);
    else if (page.feed.you.may_comment) together.lead();
  };
  watchButtons(page, together, toggle, scope);
  scope.on(page.player, "player-command", () => together.usedPlayer());
  scope.on(page.player, "player-state", () => together.wants === "leading" && together.tick());
  scope.every(TICK, () => tickAndDraw(page, together));
  draw(page, together);
  return { toggle };
}

/** @param {ReviewPage} page @param {Together} together @param {() => void} toggle @param {Scope} scope */
function watchButtons(page, together, toggle, scope) {
  const question = find(document, "#take-over-dialog", HTMLDialogElement);
  const bar = find(document, ".together");
  scope.on(find(document, ".together-button"), "click", toggle);
  scope.on(find(bar, ".together-join"), "click", () => joinBy(page, together));
  scope.on(find(bar, ".together-out"), "click", () => together.stepOut());
  scope.on(find(bar, ".together-over"), "click", () => question.showModal());
  scope.on(question, "close", () => {
    if (question.returnValue === "over") together.lead(true);
    question.returnValue = "";
  });
}

/** @param {ReviewPage} page @param {Together} together */
function joinBy(page, together) {
  page.player.deck.blocked = false;
  if (page.player.deck.looping) page.player.toggleLoop();
  together.join();
}

/** The play head for steering: past the player's own commands, which are the listener's. @param {ReviewPage} page @returns {Head} */
function headOf(page) {
  const { deck } = page.player;
  const { audio } = deck;
  return {
    get version() {
      return page.versionId;
    },
    get time() {
      return deck.time;
    },
    get duration() {
      return page.version?.duration ?? Infinity;
    },
    get playing() {
      return deck.playing;
    },
    get running() {
      return !audio.paused && !audio.seeking && audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
    },
    get blocked() {
      return deck.blocked;
    },
    get rate() {
      return audio.playbackRate;
    },
    set rate(rate) {
      if (audio.playbackRate !== rate) audio.playbackRate = rate;
    },
    choose(version) {
      const known = page.feed.state.versions.get(version);
      if (known && !known.removed) page.chooseVersion(version);
      return page.versionId === version;
    },
    seek: (at) => deck.seek(at),
    play: () => deck.play(),
    pause: () => deck.pause(),
  };
}

/** @param {ReviewPage} page @param {Together} together */
function tickAndDraw(page, together) {
  const { blocked } = page.player.deck;
  together.tick();
  if (blocked !== page.player.deck.blocked || blocked) draw(page, together);
}

/** Who is in it hears of another leader. @param {Together} together @param {string} before @returns {string} the leader's id */
function sayWhoLeads({ told, wants }, before) {
  const now = told?.leader.id ?? "";
  if (wants !== "out" && before && told && now !== before) {
    showToast(told.role === "leading" ? "You lead now." : `${told.leader.name} leads now.`);
  }
  if (before && !told && wants === "out") return "";
  return now || before;
}

/** @param {ReviewPage} page @param {Together} together */
function draw(page, together) {
  const { told, wants } = together;
  const may = page.feed.you.may_comment;
  const bar = find(document, ".together");
  const button = find(document, ".together-button");
  const blocked = wants === "following" && told?.playing === true && page.player.deck.blocked;
  bar.hidden = !told && wants === "out";
  bar.dataset.role = wants;
  button.hidden = !may && !told;
  button.setAttribute("aria-pressed", String(wants !== "out"));
  find(bar, ".together-join").hidden = !(told && wants === "out") && !blocked;
  find(bar, ".together-out").hidden = wants === "out";
  find(bar, ".together-over").hidden = !(may && told && wants === "following");
  const line = find(bar, ".together-line");
  const said = sentence(told, wants, blocked);
  if (line.textContent !== said) line.textContent = said;
  find(document, "#take-over-who").textContent = `${told?.leader.name ?? "Somebody"} leads now.`;
}

/** @param {Told | null} told @param {import("../live/together.js").Role} wants @param {boolean} blocked */
function sentence(told, wants, blocked) {
  if (!told) return wants === "out" ? "" : "Waiting for the others…";
  const { leader, joined, away, version } = told;
  const lost = away ? ` ${leader.name}’s connection is lost; they may be back in a moment.` : "";
  if (wants === "leading") return `You lead. ${others(joined - 1)}`;
  if (wants === "out") return `${leader.name} leads, ${joined === 1 ? "alone so far" : `${joined} listen together`}.`;
  if (blocked) return `${leader.name} leads. Your browser waits for a tap before it plays.`;
  if (version === null) return `${leader.name} plays a version that is not shared with you. The next one takes you along.`;
  return `${leader.name} leads, and you hear the same second.${lost}`;
}

/** @param {number} count */
function others(count) {
  if (count <= 0) return "Nobody has joined yet.";
  return count === 1 ? "One other hears what you play." : `${count} others hear what you play.`;
}
