/**
 * The shapes that travel between server and page. Times are seconds, timestamps ISO 8601 in UTC.
 *
 * @typedef {{id: string, kind: "person" | "guest", name: string, hue: number}} Person
 * @typedef {Person & {may_comment: boolean, may_download: boolean, member: boolean}} You
 * @typedef {Person & {version: string | null, at: number | null, playing: boolean, typing: boolean}} Here
 * @typedef {{id: string, title: string, band: {id: string, name: string}, created_at: string, removed: boolean}} Song
 * @typedef {"original" | "lossless" | "opus" | "small"} Rendition
 * @typedef {{
 *   integrated_lufs: number | null, range_lu: number | null, true_peak_dbtp: number | null,
 *   max_momentary_lufs: number | null, max_short_term_lufs: number | null, sample_peak_dbfs: number | null,
 * }} Loudness
 * @typedef {{
 *   id: string, song: string, number: number, stage: string, label: string | null, notes: string | null,
 *   status: "preparing" | "ready" | "failed", error: string | null,
 *   progress: {step: string, fraction: number} | null, duration: number | null, file_name: string, size: number,
 *   loudness: Loudness | null, audio: Rendition[], zooms: number[], uploaded_by: string, created_at: string,
 *   removed: boolean, first_listen_protected?: boolean,
 * }} Version
 * @typedef {{
 *   id: string, song: string, version: string, at: number, until: number | null, body: string,
 *   reply_to: string | null, author: Person, created_at: string, edited_at: string | null,
 *   done: {by: string, at: string} | null, removed: boolean, voice?: {seconds: number, peaks: number[]} | null,
 *   mentions?: Mention[], seq?: number | null,
 * }} Comment `seq` is the number of the event that said it
 * @typedef {{id: string, kind: "person" | "guest", name: string, seq: number}} Mention `name` as it stands in the
 *   words, `seq` the number of the event that mentioned them
 * @typedef {{comment: string, version: string, thread: string, seq: number, mention: boolean}} UnreadItem
 * @typedef {{song: string, seq: number, revision: number, unread: UnreadItem[]}} Seen what somebody has not seen yet
 * @typedef {{
 *   id: string, song: string, a: string, b: string, status: "preparing" | "ready" | "failed",
 *   error: string | null, progress: number | null,
 * }} ComparisonState how far the comparison of two versions is
 * @typedef {"fixed" | "better" | "not-yet"} VerdictWord
 * @typedef {{comment: string, version: string, verdict: VerdictWord | null, author: Person, said_at: string}} Verdict
 * @typedef {{version: string, start: number, end: number, gain_db: number}} Passage
 * @typedef {{plain: string, detail: string, kind: string, amount: number | null, unit: string | null}} Change
 * @typedef {{
 *   comment: Comment, version: string, place: "found" | "cut" | "unsure" | "waiting", at: number | null,
 *   until: number | null, confidence: number, via: string[], changed: Change | null, verdict: Verdict | null,
 *   replies: number, hear: {before: Passage, after: Passage} | null,
 * }} Carried a comment from an earlier version, and where it is in this one
 * @typedef {{
 *   id: string, song: string, a: string, b: string, at: number, until: number, question: string, votes: number,
 *   created_at: string, revealed: boolean, removed: boolean,
 * }} BlindTest
 * @typedef {"love" | "goosebumps" | "lost-me" | "too-loud" | "cannot-hear" | "words-unclear"} ReactionKind
 * @typedef {{
 *   id: string, song: string, version: string, kind: ReactionKind, at: number, author: Person, created_at: string,
 *   removed: boolean,
 * }} Reaction
 * @typedef {"moment" | "pad" | "slider" | "words"} QuestionKind
 * @typedef {{
 *   id: string, song: string, version: string, kind: QuestionKind, text: string, part: string, revision: number,
 *   created_at: string, removed: boolean,
 * }} Question
 * @typedef {{
 *   id: string, question: string, song: string, version: string, author: Person, at: number | null,
 *   across: number | null, away: number | null, loudness: number | null, body: string | null, created_at: string,
 *   removed: boolean,
 * }} Answer
 * @typedef {{start: number, end: number, listeners: number}} MarkedPlace
 * @typedef {{
 *   question: string, listeners: number, agree: number | null, plain: string, middle: number | null,
 *   ellipse: {across: number, away: number, long: number, short: number, turned: number} | null,
 *   places: MarkedPlace[], measured: {plain: string, amount: number | null, unit: string | null}[],
 * }} Agreement
 * @typedef {{version: string, waits: boolean, heard: number, left: number | null}} FirstListen
 * @typedef {{
 *   seq: number, type: string, song: string, comment?: Comment, version?: Version,
 *   comparison?: ComparisonState, verdict?: Verdict, blind_test?: BlindTest, reaction?: Reaction,
 *   question?: Question, answer?: Answer,
 * }} LiveEvent
 * @typedef {{start: number, end: number}} Range
 * @typedef {{
 *   seq: number, song: Song, version: string | null, versions: Version[], comments: Comment[], you: You,
 *   page_url: string, carried: Carried[], reactions: Reaction[], questions: Question[], answers: Answer[],
 *   waits: string[], seen: Seen,
 * }} PageData
 */

export {};
