/**
 * Starts the server, in Deno, Bun, or Node 22.18 or later. With `--fake` it
 * needs no account.
 */
import process from "node:process";
import { fakeRooms, serveRooms } from "@videorooms/telnyx/testing";
import { serve } from "../node_server.mjs";
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
serve(handle, Number(PORT ?? 8000), "127.0.0.1");
