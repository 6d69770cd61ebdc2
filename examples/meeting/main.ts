/**
 * Starts the server, in Deno, Bun, or Node 22.18 or later. With `--fake` it
 * needs no account. `Deno.serve` and `Bun.serve` take the handler as it is.
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

/** Put your own sign-in here; this takes user `meeting`, password `APP_KEY`. */
const login = `Basic ${btoa(`meeting:${APP_KEY}`)}`;
const handle = meeting({
  fetch: fake?.fetch ?? fetch,
  token,
  baseUrl,
  mayUse: ({ headers }) =>
    fake !== undefined || headers.get("authorization") === login,
  fake,
});

const server = createServer(async (request, response) => {
  const { method = "GET", headers, url = "/" } = request;
  const told = await handle(
    new Request(`http://localhost${url}`, {
      method,
      headers: headers as Record<string, string>,
      body: method === "POST" ? Readable.toWeb(request) as BodyInit : null,
      duplex: "half",
    } as RequestInit),
  );
  response.writeHead(told.status, Object.fromEntries(told.headers));
  response.end(await told.text());
});
server.listen(Number(PORT ?? 8000), "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : address;
  console.log(`Listening on http://127.0.0.1:${port}`);
});
