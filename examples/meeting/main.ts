/**
 * Starts the server, in Deno, Bun, or Node 22.18 or later. With `--fake` it
 * needs no account. `Deno.serve` and `Bun.serve` accept the handler directly.
 */
import { createServer } from "node:http";
import process from "node:process";
import { Readable } from "node:stream";
import { fakeRooms } from "@videorooms/telnyx/testing";
import { meeting } from "./meeting.ts";

const { TELNYX_API_KEY, ROOMS_URL: baseUrl, APP_KEY, PORT } = process.env;
const fake = process.argv.includes("--fake") ? fakeRooms() : undefined;
const token = fake ? "any" : TELNYX_API_KEY;
if (!token || (!fake && !APP_KEY)) {
  throw new Error("Set TELNYX_API_KEY and APP_KEY, or try it with --fake");
}

/** Put your own sign-in here; this one: user `meeting`, password `APP_KEY`. */
const login = `Basic ${btoa(`meeting:${APP_KEY}`)}`;
const handle = meeting({
  fetch: fake?.fetch ?? fetch,
  token,
  baseUrl,
  mayUse: ({ headers }) =>
    fake !== undefined || headers.get("authorization") === login,
  fake,
});

const server = createServer(async (incoming, outgoing) => {
  const { method = "GET", headers, url = "/" } = incoming;
  const response = await handle(
    new Request(`http://localhost${url}`, {
      method,
      headers: headers as Record<string, string>,
      body: method === "POST" ? Readable.toWeb(incoming) as BodyInit : null,
      duplex: "half",
    } as RequestInit),
  );
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(await response.text());
});
server.listen(Number(PORT ?? 8000), "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : address;
  console.log(`Listening on http://127.0.0.1:${port}`);
});
