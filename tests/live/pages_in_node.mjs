/** Several listeners' pages, each in a thread with globals of its own. Commands come as lines of JSON, answers go so. */
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";

const count = Number(process.argv[2]);
const answer = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const pages = Array.from({ length: count }, () => {
  const page = new Worker(new URL("./page_in_node.mjs", import.meta.url));
  page.on("message", answer);
  page.on("error", (error) => answer({ id: null, error: String(error.stack) }));
  return page;
});
createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { page, ...message } = JSON.parse(line);
    pages[page].postMessage(message);
  })
  .on("close", () => process.exit());
