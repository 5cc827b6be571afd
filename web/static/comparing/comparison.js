/**
 * The shapes of a comparison as the server gives it, and what a page is told of its song.
 *
 * @typedef {import("../kit/contract.js").Song} Song
 * @typedef {import("../kit/contract.js").Version} Version
 * @typedef {import("../kit/contract.js").You} You
 * @typedef {import("../kit/contract.js").ComparisonState} ComparisonState
 * @typedef {{
 *   start: number | null, end: number | null, kind: string, amount: number | null, unit: string | null, plain: string,
 *   detail: string, confidence: number,
 * }} Finding `start` and `end`: seconds of B, null for the whole song
 * @typedef {{
 *   a: {facts: {duration: number}}, b: {facts: {duration: number}}, stage: string,
 *   time_map: {confidence: number, segments: import("./music-axis.js").Segment[]},
 *   moved: import("./music-axis.js").Segment[], matched_gain_db: number | null, findings: Finding[],
 *   picture?: import("./picture.js").Picture,
 * }} Comparison
 * @typedef {{key: string, name: string, as: string, purpose: string, questions: string[]}} StageWords
 * @typedef {{
 *   song: Song, versions: Version[], you: You, stages: StageWords[], seq: number, review_url: string,
 *   compare_url: string, story_url: string,
 * }} SongPage
 * @typedef {SongPage & {a: string | null, b: string | null, stage: string}} ComparePage
 */

export {};
