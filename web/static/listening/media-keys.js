/**
 * @typedef {import("../kit/contract.js").Version} Version
 * @typedef {{playing: boolean, time: number, toggle(): void, seek(seconds: number): void}} Playing
 */

/** What the lock screen shows. @param {string} title @param {string} artist @param {Version} version */
export function announceSong(title, artist, version) {
  if (!("mediaSession" in navigator)) return;
  const album = [`v${version.number}`, version.label].filter(Boolean).join(" – ");
  navigator.mediaSession.metadata = new MediaMetadata({ title, artist, album });
}

/**
 * The keys of keyboards, headphones and lock screens.
 * @param {Playing} player @param {import("../kit/scope.js").Scope} scope
 */
export function watchMediaKeys(player, scope) {
  if (!("mediaSession" in navigator)) return;
  /** @type {[MediaSessionAction, (details: MediaSessionActionDetails) => void][]} */
  const actions = [
    ["play", () => player.playing || player.toggle()],
    ["pause", () => player.playing && player.toggle()],
    ["seekbackward", ({ seekOffset }) => player.seek(player.time - (seekOffset ?? 5))],
    ["seekforward", ({ seekOffset }) => player.seek(player.time + (seekOffset ?? 5))],
    ["seekto", ({ seekTime }) => player.seek(seekTime ?? player.time)],
  ];
  for (const [action, handler] of actions) {
    navigator.mediaSession.setActionHandler(action, handler);
    scope.add(() => navigator.mediaSession.setActionHandler(action, null));
  }
}
