/**
 * Starts the server, in Deno, Bun, or Node 22.18 or later. With `--fake` it
 * needs no account. `Deno.serve` and `Bun.serve` accept the handler directly.
 */
import { createServer, type IncomingMessage } from "node:http";
import process from "node:process";
import { Readable } from "node:stream";
import { fakeRooms, serveRooms } from "@videorooms/telnyx/testing";
import { meeting } from "./meeting.ts";

const { TELNYX_API_KEY, TELNYX_BASE_URL, APP_KEY, PORT } = process.env;
const fake = process.argv.includes("--fake") ? fakeRooms() : undefined;
const token = fake ? "any" : TELNYX_API_KEY;
if (!token || (!fake && !APP_KEY)) {
  console.error("Set TELNYX_API_KEY and APP_KEY, or try it with --fake");
  process.exit(1);
}
// The fake is served, too: the browser gets the files of recordings from there
const baseUrl = fake ? (await serveRooms(fake)).url : TELNYX_BASE_URL;

/** Put your own sign-in here; this one: user `meeting`, password `APP_KEY`. */
const login = `Basic ${btoa(`meeting:${APP_KEY}`)}`;
const handle = meeting({
  fetch,
  token,
  baseUrl,
  mayUse: ({ headers }) =>
    fake !== undefined || headers.get("authorization") === login,
  fake,
});

/** A request of Node as a web one; undefined if there is none, as of TRACE. */
function toRequest(incoming: IncomingMessage): Request | undefined {
  const { method = "GET", headers, url = "/" } = incoming;
  try {
    return new Request(new URL(url, "http://localhost"), {
      method,
      headers: headers as Record<string, string>,
      body: method === "POST" ? Readable.toWeb(incoming) as BodyInit : null,
      duplex: "half",
    } as RequestInit);
  } catch {
    return undefined;
  }
}

/** Answers every request: an error in here would end the process. */
async function respond(incoming: IncomingMessage): Promise<Response> {
  const request = toRequest(incoming);
  if (!request) return new Response(null, { status: 400 });
  try {
    return await handle(request);
  } catch (error) {
    console.error(error);
    return new Response(null, { status: 500 });
  }
}

const server = createServer(async (incoming, outgoing) => {
  const response = await respond(incoming);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(await response.text());
});
server.on("error", ({ message }) => {
  console.error(`Cannot serve: ${message}`); // such as a port that is taken
  process.exit(1);
});
server.listen(Number(PORT ?? 8000), "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : address;
  console.log(`Listening on http://127.0.0.1:${port}`);
});
