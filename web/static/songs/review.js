import { find } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";
import { LiveConnection } from "../live/connection.js";
import { watchShareDialog } from "../sharing/share-dialog.js";
import { watchReviewKeys } from "./keys.js";
import { watchTogether } from "./listen-together.js";
import { watchComments, watchComposer, watchNetwork, watchPlayer, watchVersions } from "./review-actions.js";
import { ReviewPage } from "./review-page.js";
import { watchVoice } from "./review-voice.js";
import { watchVersionDialog } from "./version-dialog.js";

/** @type {import("../kit/contract.js").PageData} */
const data = JSON.parse(find(document, "#page-data").textContent ?? "");
const scope = new Scope();
watchShareDialog(scope, data.song.id);
if (data.version) startReview();
else waitForAVersion();

function startReview() {
  const page = new ReviewPage(data);
  page.press.watch(scope);
  watchPlayer(page, scope);
  watchComposer(page, scope);
  watchComments(page, scope);
  watchVoice(page, scope);
  watchVersions(page, scope);
  watchNetwork(page, scope);
  page.reactions.watch(scope);
  page.questions.watch(scope);
  page.firstListen.watch(scope);
  page.mentions.watch(scope);
  page.unread.watch(scope);
  watchVersionDialog(scope, () => page.version);
  const together = watchTogether(page, scope);
  watchReviewKeys(page, together, scope);
  page.start();
}

/** A song without a version has nothing to show yet; the first one brings the whole page. */
function waitForAVersion() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const nothing = () => {};
  const reload = () => location.reload();
  const connection = new LiveConnection(
    () => `${scheme}://${location.host}/api/songs/${data.song.id}/live?since=${data.seq}`,
    {
      status: nothing,
      hello: nothing,
      here: nothing,
      event: ({ version }) => version && reload(),
      resync: reload,
      ended: reload,
    },
  );
  connection.connect();
}
