/** Starts the handler on Bun: `bun bun.ts` */
import process from "node:process";
import { whoIsHere } from "./handler.js";

const { TELNYX_API_KEY: token = "", TELNYX_BASE_URL: baseUrl, PORT } =
  process.env;

const server = Bun.serve({
  port: Number(PORT ?? 3000),
  fetch: (request) =>
    whoIsHere(request, { fetch, token, baseUrl, signal: request.signal }),
});
console.log(`Listening on ${server.url}`);
