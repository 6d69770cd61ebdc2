/** Starts the handler on Bun: `bun bun.ts` */
import process from "node:process";
import { log, webhook } from "./handler.ts";
import { openSqlite, startDraining } from "./sqlite.ts";

const {
  DATABASE = "events.db",
  PORT,
  TELNYX_PUBLIC_KEY: publicKey = "",
} = process.env;
const store = openSqlite(DATABASE);

startDraining(store, log);
const server = Bun.serve({
  port: Number(PORT ?? 3000),
  fetch: (request) => webhook(request, { publicKey, store: store.add }),
});
console.log(`Listening on ${server.url}`);
