// The same in Node: `node _live_node.mjs PORT FOLDER_WITH_WS`
import { createRequire } from "node:module";

const [port, folder] = process.argv.slice(2);
const { WebSocketServer, WebSocket } = createRequire(`${folder}/`)("ws");
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(port), perMessageDeflate: false });
server.on("connection", (socket) =>
  socket.on("message", (data) => {
    for (const client of server.clients) if (client.readyState === WebSocket.OPEN) client.send(data, { binary: false });
  }),
);
