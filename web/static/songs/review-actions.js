import { answering, editing, marking, posting, removing, restoring } from "../feedback/changes.js";
import { hasPlace } from "../feedback/carried.js";
import { copyText } from "../kit/copy.js";
import { find } from "../kit/elements.js";
import { showToast } from "../kit/toast.js";
import { addressOf, placeIn } from "./address.js";

/**
 * What the listener does, taken to the page and its feed.
 *
 * @typedef {import("./review-page.js").ReviewPage} ReviewPage
 * @typedef {import("../kit/scope.js").Scope} Scope
 */

/** @param {ReviewPage} page @param {Scope} scope */
export function watchPlayer(page, scope) {
  const { player, composer } = page;
  scope.on(player, "player-time", () => {
    page.light();
    if (composer) composer.time = player.time;
    if (player.playing) page.tellWhereabouts();
  });
  scope.on(player, "player-state", () => {
    page.tellWhereabouts();
    if (player.playing) page.beforeAfter.stop();
  });
  scope.on(player, "player-range", () => {
    if (!composer) return;
    composer.range = player.range;
    composer.marking = player.marking;
  });
  scope.on(player, "waveform-marker", ({ detail }) => page.openComment(detail.id, true));
  scope.on(find(player, ".copy-moment"), "click", () => {
    const place = { version: page.version?.number ?? null, at: player.time };
    copyText(`${location.origin}${addressOf(page.pageUrl, place)}`, "The link to this moment is copied.");
  });
}

/** @param {ReviewPage} page @param {Scope} scope */
export function watchComposer(page, scope) {
  const { composer, player, feed } = page;
  if (!composer) return;
  scope.on(composer, "composer-mark", () => player.mark());
  scope.on(composer, "composer-typing", ({ detail }) =>
    feed.connection.say({ type: "typing", version: page.versionId, typing: detail.typing }),
  );
  scope.on(composer, "composer-post", ({ detail }) => {
    feed.change(posting({ version: page.versionId, ...detail, mentioned: page.mentions.calledIn(detail.body) }));
    player.range = null;
    if (page.filter === "done") page.choose("open");
  });
}

/** @param {ReviewPage} page @param {Scope} scope */
export function watchComments(page, scope) {
  const { panel, feed, player } = page;
  /** @param {string} type @param {(comment: import("../feedback/comment-store.js").Shown, detail: any) => void} action */
  const on = (type, action) =>
    scope.on(panel, type, ({ detail }) => {
      const comment = feed.comment(detail.id);
      if (comment) action(comment, detail);
    });
  const key = (/** @type {string} */ id) => feed.outbox.entries.find((entry) => entry.comment === id && entry.refusal)?.key;

  scope.on(panel, "comment-filter", ({ detail }) => page.choose(detail.filter));
  scope.on(panel, "comment-look", ({ detail }) => page.lookAt(detail.id));
  on("comment-seek", (comment) => {
    const carried = feed.carriedTo(page.versionId).find((thread) => thread.comment.id === comment.id);
    if (carried && !hasPlace(carried)) void page.openInItsVersion(comment.id);
    else page.openComment(comment.id, true);
  });
  on("comment-reply", ({ id, version, at }, { body }) => {
    feed.change(posting({ version, at, body, reply_to: id, mentioned: page.mentions.calledIn(body) }));
  });
  on("comment-done", (comment) => void feed.change(marking(comment, !comment.done)));
  on("comment-remove", (comment) => remove(page, comment));
  on("comment-retry", ({ id }) => void feed.outbox.retry(key(id) ?? ""));
  on("comment-discard", ({ id }) => feed.outbox.discard(key(id) ?? ""));
  on("comment-origin", (comment) => void page.openInItsVersion(comment.id));
  on("comment-answer", (comment, { word }) => void feed.change(answering(comment.id, page.versionId, word)));
  on("comment-hear", (comment, { side }) => {
    if (side) return page.beforeAfter.hear(side);
    if (player.playing) player.toggle();
    void page.beforeAfter.toggle(comment.id, feed.state.carried.get(comment.id)?.hear ?? null);
  });
  on("comment-edit", (comment, { body }) => {
    // One that never arrived is not edited but sent with the new text.
    const unsent = feed.outbox.entries.find((entry) => entry.key === `post:${comment.id}`);
    const mentioned = page.mentions.calledIn(body, comment.mentions);
    if (unsent) feed.outbox.retry(unsent.key, { body, mentions: mentioned.map(({ id }) => id) });
    else if (body !== comment.body || comment.refusal) feed.change(editing(comment, body, mentioned));
  });
  on("comment-link", (comment) => {
    const place = { version: page.version?.number ?? null, comment: comment.id };
    copyText(`${location.origin}${addressOf(page.pageUrl, place)}`, "The link to this comment is copied.");
  });
}

/** @param {ReviewPage} page @param {import("../feedback/comment-store.js").Shown} comment */
function remove({ feed }, comment) {
  const unsent = feed.outbox.entries.find((entry) => entry.key === `post:${comment.id}`);
  if (unsent && unsent.refusal) return feed.outbox.discard(unsent.key);
  feed.change(removing(comment));
  const what = comment.reply_to ? "Reply" : "Comment";
  showToast(`${what} deleted.`, { action: "Undo", onAction: () => void feed.change(restoring(comment)) });
}

/** Links to versions anywhere on the page switch in place; going back switches back. @param {ReviewPage} page @param {Scope} scope */
export function watchVersions(page, scope) {
  scope.on(document, "click", (/** @type {MouseEvent} */ event) => {
    const link = /** @type {HTMLElement} */ (event.target).closest("a[data-version]");
    if (!(link instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    page.chooseVersion(link.dataset.version ?? "");
  });
  scope.on(window, "popstate", () => {
    const { version } = placeIn(location.search);
    const found = page.feed.versions.find((each) => each.number === version) ?? page.feed.versions.at(-1);
    if (found) page.chooseVersion(found.id, false);
  });
}

/** @param {ReviewPage} page @param {Scope} scope */
export function watchNetwork({ feed }, scope) {
  scope.on(window, "online", () => feed.hurry());
  scope.on(window, "offline", () => feed.connection.lost());
  scope.on(document, "visibilitychange", () => document.visibilityState === "visible" && feed.hurry());
  // Another tab of the same person sent or wrote something.
  scope.on(window, "storage", (/** @type {StorageEvent} */ event) => event.key === feed.outbox.name && feed.outbox.onChange());
}
