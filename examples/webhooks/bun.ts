/** Starts the handler on Bun: `bun bun.ts` */
import process from "node:process";
import { log, webhook } from "./handler.ts";

const { TELNYX_PUBLIC_KEY: publicKey = "", PORT } = process.env;

const server = Bun.serve({
  port: Number(PORT ?? 3000),
  fetch: (request) => webhook(request, { publicKey, work: log }),
});
console.log(`Listening on ${server.url}`);
