/** Starts the handler on Node 22.18 or later: `node node.ts` */
import { createServer } from "node:http";
import process from "node:process";
import { log, webhook } from "./handler.ts";
import { openSqlite, startDraining } from "./sqlite.ts";

const {
  DATABASE = "events.db",
  PORT,
  TELNYX_PUBLIC_KEY: publicKey = "",
} = process.env;
const store = openSqlite(DATABASE);

const server = createServer(async (incoming, outgoing) => {
  const { method, headers } = incoming;
  // A body that is too large must not close the connection
  const chunks = incoming.iterator({ destroyOnReturn: false });
  const body: ReadableStream<Uint8Array> = ReadableStream.from(chunks);
  const request = { method, headers, body };
  // An error here would end the process
  const response = await webhook(request, { publicKey, store: store.add })
    .catch((error) => {
      console.error(error);
      return new Response(null, { status: 500 });
    });
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(await response.text());
});
server.on("error", ({ message }) => {
  console.error(`Cannot serve: ${message}`); // such as a port that is taken
  process.exitCode = 1;
});
server.listen(Number(PORT ?? 3000), () => {
  startDraining(store, log);
  const address = server.address();
  const port = typeof address === "object" ? address?.port : address;
  console.log(`Listening on http://localhost:${port}`);
});
process.once("SIGTERM", () => {
  // Running requests finish; what waits in the table is done at the next start
  server.close(() => process.exit());
});
