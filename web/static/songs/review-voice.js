import { removing } from "../feedback/changes.js";
import { VoiceOutbox, noteStore } from "../feedback/voice-outbox.js";
import { VoiceRecorder } from "../feedback/voice-recorder.js";
import { find } from "../kit/elements.js";
import { newId } from "../kit/identity.js";
import { showToast } from "../kit/toast.js";

/** How loud the song stays under a voice. */
const DUCKED = 0.2;

/**
 * Spoken comments: what is recorded goes out, and the song makes room for what is played.
 * @param {import("./review-page.js").ReviewPage} page @param {import("../kit/scope.js").Scope} scope
 */
export function watchVoice(page, scope) {
  const { player, feed } = page;
  const audio = find(player, "audio", HTMLAudioElement);
  scope.on(document, "voice-playing", ({ detail }) => (audio.volume = detail.playing ? DUCKED : 1));
  const recorder = document.querySelector("voice-recorder");
  if (!(recorder instanceof VoiceRecorder)) return;
  const outbox = new VoiceOutbox(noteStore(), `${page.page.song.id}.${feed.you.id}`);
  outbox.onChange = (waiting) => showWaiting(recorder, waiting);
  outbox.onRefused = (sentence) => showToast(sentence);
  outbox.onSent = (comment) => {
    const undo = { action: "Undo", onAction: () => void feed.change(removing(comment)) };
    showToast("Your voice note is in the list.", undo);
  };
  let at = 0;
  scope.on(recorder, "voice-begin", () => {
    at = player.range?.start ?? player.time;
    if (player.playing) player.toggle();
  });
  scope.on(recorder, "voice-refused", ({ detail }) => showToast(detail.sentence));
  scope.on(recorder, "voice-recorded", ({ detail }) => {
    const until = player.range?.end ?? null;
    outbox.add({ id: newId(), version: page.versionId, at, until, recording: detail.recording });
    player.range = null;
  });
  scope.on(window, "online", () => outbox.flush());
  outbox.flush();
}

/** @param {HTMLElement} recorder @param {number} waiting */
function showWaiting(recorder, waiting) {
  const line = find(recorder, ".talk-waiting");
  line.hidden = waiting === 0;
  line.textContent = waiting === 1 ? "Sending your voice note… it is kept until it has arrived." : `Sending ${waiting} voice notes…`;
}
