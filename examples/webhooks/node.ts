/** Starts the handler on Node 22.18 or later: `node node.ts` */
import { createServer } from "node:http";
import process from "node:process";
import { log, webhook } from "./handler.ts";

const { TELNYX_PUBLIC_KEY: publicKey = "", PORT } = process.env;

const server = createServer(async (incoming, outgoing) => {
  const { method, headers } = incoming;
  // A body that is too large must not close the connection
  const chunks = incoming.iterator({ destroyOnReturn: false });
  const body: ReadableStream<Uint8Array> = ReadableStream.from(chunks);
  const request = { method, headers, body };
  // An error here would end the process
  const response = await webhook(request, { publicKey, work: log })
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
  const address = server.address();
  const port = typeof address === "object" ? address?.port : address;
  console.log(`Listening on http://localhost:${port}`);
});
process.once("SIGTERM", () => server.close()); // lets running requests finish
