/**
 * One listener's browser without a browser: the page's own modules (feed, outbox, connection, store) over Node's
 * fetch and WebSocket, with a storage, an address and a cookie of their own. It does what it is told by
 * `tests/live/pages_in_node.mjs`, and notes whatever a listener should never see.
 */
import { parentPort } from "node:worker_threads";
import { editing, marking, posting, removing, restoring } from "../../web/static/feedback/changes.js";
import { threadsOf } from "../../web/static/feedback/comment-store.js";
import { bringingBack, sameTap, takingBack, tapping } from "../../web/static/feedback/reactions.js";
import { bringingBackAnswer, giving, takingBackAnswer } from "../../web/static/questions/answers.js";
import { freshPage } from "../../web/static/songs/fresh-page.js";
import { SongFeed } from "../../web/static/songs/song-feed.js";

/** The page waits for seconds before it tries again; a test has no such time. */
const FASTER = 20;

const browser = { cookie: "", from: "", tab: null, takenBack: [], unanswered: [] };
const kept = new Map();

const { fetch: nodeFetch, WebSocket: NodeSocket, setTimeout: nodeTimeout } = globalThis;
const headers = () => ({ cookie: browser.cookie, "x-forwarded-for": browser.from });
globalThis.setTimeout = (callback, wait, ...more) => nodeTimeout(callback, wait / FASTER, ...more);
globalThis.fetch = (path, options = {}) =>
  nodeFetch(new URL(path, location.href), { ...options, headers: { ...options.headers, ...headers() } });
globalThis.WebSocket = class extends NodeSocket {
  constructor(address) {
    super(address, { headers: headers() });
    let closed = false;
    this.addEventListener("close", () => (closed = true));
    // A browser closes a socket that was never opened; Node 20 forgets to say so.
    this.addEventListener("error", () => nodeTimeout(() => closed || this.onclose?.({ code: 1006 }), 1));
  }
};
globalThis.localStorage = {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => void kept.set(name, value),
  removeItem: (name) => void kept.delete(name),
};
globalThis.DOMParser = class {
  parseFromString(text) {
    const data = /<script type="application\/json" id="page-data">(.*?)<\/script>/s.exec(text);
    return { getElementById: () => data && { textContent: data[1] } };
  }
};

const pause = (milliseconds) => new Promise((done) => nodeTimeout(done, milliseconds));

/** From the page's loading to its reload or closing. */
class Tab {
  status = "connecting";
  closed = false;
  /** What this listener wrote and never took back, each with what it replies to. */
  mine = new Map();
  trouble = [];
  seqs = [];

  constructor(before) {
    if (before) Object.assign(this, { mine: before.mine, trouble: before.trouble });
  }

  async load() {
    for (;;) {
      try {
        const page = await freshPage(location.href);
        if (!this.closed) this.#start(page);
        return;
      } catch (error) {
        if (!error.passing) throw error;
        await pause(20);
      }
    }
  }

  #start(page) {
    this.seqs.push(page.seq);
    const nothing = () => {};
    this.feed = new SongFeed(page, {
      changed: () => this.#look(),
      heard: ({ seq }) => this.#heard(seq),
      here: nothing,
      status: (status) => (this.status = status),
      refused: nothing,
      ended: (code) => this.trouble.push(`sent away with ${code}`),
      opened: nothing,
    });
    const { outbox } = this.feed;
    const send = outbox.send;
    // A page that is gone hears no answer, and sends nothing more.
    outbox.send = async (entry) => {
      const answer = this.closed ? await new Promise(nothing) : await send(entry);
      return this.closed ? new Promise(nothing) : answer;
    };
    this.feed.start();
    this.#look();
  }

  #heard(seq) {
    const last = this.seqs.at(-1);
    if (seq <= last) this.trouble.push(`event ${seq} was applied after ${last}`);
    this.seqs.push(seq);
  }

  /** At no time does the screen lack what its listener wrote, but for a reply to what somebody took away. */
  #look() {
    const there = new Set(this.feed.comments.filter((comment) => !comment.removed).map(({ id }) => id));
    for (const [id, replyTo] of this.mine) {
      if (!there.has(id) && (!replyTo || there.has(replyTo))) this.trouble.push(`${id} vanished at ${this.feed.state.seq}`);
    }
  }

  close() {
    this.closed = true;
    this.feed?.connection.close();
  }
}

/** @param {object[]} from @param {number} pick from 0 to 1 */
const picked = (from, pick) => from[Math.floor(pick * from.length)];

const commands = {
  async open({ url, path, cookie, from }) {
    browser.tab?.close();
    kept.clear();
    Object.assign(browser, { cookie, from, takenBack: [], unanswered: [] });
    const { protocol, host } = new URL(url);
    globalThis.location = { protocol, host, href: url + path, reload: () => commands.reload() };
    browser.tab = new Tab();
    await browser.tab.load();
  },
  reload() {
    const before = browser.tab;
    before.close();
    browser.tab = new Tab(before);
    void browser.tab.load();
  },
  close: () => browser.tab?.close(),
  online: () => browser.tab.feed?.hurry(),
  offline: () => browser.tab.feed?.connection.lost(),
  post({ body, at, version }) {
    return write(posting({ version, at, body }));
  },
  reply({ body, pick }) {
    const to = picked(own(() => true), pick);
    return to && write(posting({ version: to.version, at: to.at, body, reply_to: to.id }));
  },
  edit({ body, pick }) {
    const { feed } = browser.tab;
    const comment = picked(own(({ author }) => author.id === feed.you.id), pick);
    return comment && change(editing(comment, body));
  },
  done({ pick, done }) {
    const { you } = browser.tab.feed;
    const comment = picked(own(({ author }) => you.member || author.id === you.id), pick);
    return comment && change(marking(comment, done));
  },
  remove({ pick }) {
    const { feed, mine } = browser.tab;
    const comment = picked(own(({ author }) => author.id === feed.you.id), pick);
    if (comment) mine.delete(comment.id);
    return comment && change(removing(comment));
  },
  restore({ pick }) {
    const { feed } = browser.tab;
    const gone = feed.comments.filter(({ author, removed }) => removed && author.id === feed.you.id);
    const comment = picked(gone, pick);
    return comment && change(restoring(comment));
  },
  tap({ kind, at, version }) {
    const { feed } = browser.tab;
    if (sameTap(feed.reactions(version), feed.you.id, kind, at)) return null;
    const entry = tapping(version, kind, at);
    void feed.change(entry);
    return { id: entry.reaction };
  },
  "take-back"({ pick, version }) {
    const { feed } = browser.tab;
    const reaction = picked(feed.reactions(version).filter(({ author }) => author.id === feed.you.id), pick);
    if (!reaction) return null;
    browser.takenBack.push(reaction);
    void feed.change(takingBack(reaction));
    return { id: reaction.id };
  },
  "bring-back"({ pick }) {
    const reaction = picked(browser.takenBack, pick);
    if (!reaction) return null;
    void browser.tab.feed.change(bringingBack(reaction));
    return { id: reaction.id };
  },
  answer({ pick, version, loudness, at }) {
    const { feed } = browser.tab;
    const question = picked(feed.questions(version), pick);
    const entry = giving(question, question.kind === "slider" ? { loudness } : { at });
    void feed.change(entry);
    return { id: entry.answer, kind: question.kind };
  },
  unanswer({ pick, version }) {
    const { feed } = browser.tab;
    const answer = picked(feed.answers(version).filter(({ author }) => author.id === feed.you.id), pick);
    if (!answer) return null;
    browser.unanswered.push(answer);
    void feed.change(takingBackAnswer(answer));
    return { id: answer.id, kind: answer.at === null ? "slider" : "moment" };
  },
  reanswer({ pick }) {
    const answer = picked(browser.unanswered, pick);
    if (!answer) return null;
    void browser.tab.feed.change(bringingBackAnswer(answer));
    return { id: answer.id, kind: answer.at === null ? "slider" : "moment" };
  },
  state() {
    const { feed, status } = browser.tab;
    const waiting = feed?.outbox.entries.filter(({ refusal }) => refusal === null).length;
    return { seq: feed?.state.seq ?? -1, status, waiting: waiting ?? 0 };
  },
  dump({ version }) {
    const { feed, trouble, seqs } = browser.tab;
    const threads = threadsOf([...feed.state.comments.values()], version);
    const shown = threads.flatMap(({ comment, replies }) => [comment, ...replies]);
    const taps = feed.reactions(version);
    return { shown, taps, answers: feed.answers(version), you: feed.you.id, trouble, seqs, refused: feed.outbox.entries.map(({ key }) => key) };
  },
};

/** What is on the screen and was not refused. */
function own(eligible) {
  return browser.tab.feed.comments.filter((comment) => !comment.removed && !comment.refusal && eligible(comment));
}

function write(entry) {
  browser.tab.mine.set(entry.comment, entry.body.reply_to ?? null);
  return change(entry);
}

function change(entry) {
  void browser.tab.feed.change(entry);
  return { id: entry.comment };
}

parentPort.on("message", async ({ id, command, ...given }) => {
  try {
    // While a page is loading there is nothing to press.
    const needsFeed = !["open", "reload", "close", "state"].includes(command);
    const ready = !needsFeed || browser.tab?.feed;
    parentPort.postMessage({ id, answer: (ready && (await commands[command](given))) || null });
  } catch (error) {
    parentPort.postMessage({ id, error: String(error?.stack ?? error) });
  }
});
