import { find } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";
import { watchBlindDialog } from "./blind-dialog.js";
import { watchChoice, watchHearing } from "./compare-actions.js";
import { watchCompareKeys } from "./compare-keys.js";
import { ComparePage } from "./compare-page.js";
import { SongLive } from "./song-live.js";

/** @type {import("./comparison.js").ComparePage} */
const data = JSON.parse(find(document, "#page-data").textContent ?? "");
const scope = new Scope();
if (data.a && data.b) startComparing();
else waitForTheSecond();

function startComparing() {
  const page = new ComparePage(data);
  page.press.watch(scope);
  watchChoice(page, scope);
  watchHearing(page, scope);
  watchCompareKeys(page, scope);
  watchBlindDialog(scope, () => {
    const range = page.comparison && page.axis.within("a", page.player.range ?? page.defaultRange());
    return range ? { song: data.song.id, a: page.a, b: page.b, range } : null;
  });
  page.start();
}

/** One version has nothing to be compared with; the second one brings the whole page. */
function waitForTheSecond() {
  const ready = (/** @type {import("../kit/contract.js").LiveEvent} */ { type }) => type === "version.ready" && location.reload();
  new SongLive(data, { heard: ready, here: () => {}, status: () => {}, changed: () => {} }).start();
}
