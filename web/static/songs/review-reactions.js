import { ReactionCurve } from "../feedback/reaction-curve.js";
import { ReactionPad } from "../feedback/reaction-pad.js";
import { REACTIONS, bringingBack, sameTap, takingBack, tapping } from "../feedback/reactions.js";
import { clock } from "../kit/clock.js";
import { find } from "../kit/elements.js";
import { showToast } from "../kit/toast.js";

/**
 * @typedef {import("./review-page.js").ReviewPage} ReviewPage
 * @typedef {import("../kit/contract.js").LiveEvent} LiveEvent
 * @typedef {import("../kit/contract.js").ReactionKind} ReactionKind
 */

/** Reactions on the review page: the buttons, the curve under the waveform, and what is said of a tap. */
export class ReviewReactions {
  curve = find(document, "reaction-curve", ReactionCurve);
  pad = /** @type {ReactionPad | null} */ (document.querySelector("reaction-pad"));
  /** One message at a time: who taps often should not be buried in them. */
  #unsay = () => {};

  /** @param {ReviewPage} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {import("../kit/scope.js").Scope} scope */
  watch(scope) {
    const { player } = this.page;
    scope.on(player, "waveform-window", ({ detail }) => (this.curve.view = detail));
    scope.on(this.curve, "reaction-seek", ({ detail }) => player.seek(detail.at));
    scope.on(this.curve, "reaction-reveal", ({ detail }) => player.waveform.bringIntoView(detail.at));
    scope.on(this.curve, "reaction-take-back", ({ detail }) => this.#takeBack(detail.id, "Taken back."));
    if (this.pad) scope.on(this.pad, "reaction-tap", ({ detail }) => this.#tapped(detail.kind));
  }

  draw() {
    this.curve.show(this.#shown, this.page.feed.you.id);
    if (this.pad) this.pad.disabled = !this.page.version?.duration;
  }

  /** By a key, as if its button were pressed. @param {ReactionKind} kind */
  tap(kind) {
    this.pad?.press(kind);
  }

  /** @param {LiveEvent} event */
  heard({ type, reaction }) {
    if (type !== "reaction.added" || !reaction || reaction.version !== this.page.versionId) return;
    if (reaction.author.id !== this.page.feed.you.id) this.curve.rise(reaction);
  }

  get #shown() {
    return this.page.feed.reactions(this.page.versionId);
  }

  /** @param {ReactionKind} kind */
  #tapped(kind) {
    const { feed, player, versionId } = this.page;
    const at = player.time;
    this.curve.rise({ kind, at });
    const same = sameTap(this.#shown, feed.you.id, kind, at);
    if (same) {
      const takeBack = () => this.#takeBack(same.id, "Taken back.");
      return this.#say(`“${REACTIONS[kind]}” is marked here already.`, "Take it back", takeBack);
    }
    const entry = tapping(versionId, kind, at);
    feed.change(entry);
    this.#say(`“${REACTIONS[kind]}” at ${clock(at)}.`, "Undo", () => this.#takeBack(entry.reaction, "Undone."));
  }

  /** @param {string} id @param {string} said */
  #takeBack(id, said) {
    const { feed, versionId } = this.page;
    const reaction = { id, version: versionId };
    feed.change(takingBack(reaction));
    this.#say(said, "Bring it back", () => void feed.change(bringingBack(reaction)));
  }

  /** @param {string} sentence @param {string} action @param {() => void} onAction */
  #say(sentence, action, onAction) {
    this.#unsay();
    this.#unsay = showToast(sentence, { action, onAction });
  }
}
