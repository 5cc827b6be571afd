import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { ApiError, request, requestFile } from "../../web/static/kit/api.js";

/** A server that breaks off in the middle of every answer. */
const server = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"items": [');
  setTimeout(() => response.destroy(), 20);
});
let address = "";

before(async () => {
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  address = `http://127.0.0.1:${server.address().port}/`;
});
after(() => server.close());

for (const [name, ask] of [["JSON", () => request("GET", address)], ["a file", () => requestFile(address)]]) {
  test(`a connection that breaks in the middle of ${name} is one that is not there`, async () => {
    await assert.rejects(ask, (error) => {
      assert.ok(error instanceof ApiError && error.passing);
      assert.equal(error.message, "There is no connection to the server.");
      return true;
    });
  });
}
