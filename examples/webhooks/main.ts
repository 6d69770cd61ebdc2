/** Starts the handler on Node 22.18 or later, Bun or Deno: `node main.ts` */
import process from "node:process";
import { serve } from "../node_server.mjs";
import { log, webhook } from "./handler.ts";
import { openSqlite } from "./sqlite.ts";
import { drain } from "./store.ts";

const {
  DATABASE = "events.db",
  PORT,
  TELNYX_PUBLIC_KEY: publicKey = "",
} = process.env;
if (publicKey === "") {
  console.error("Set TELNYX_PUBLIC_KEY, such as to the one of your fake");
  process.exit(1);
}
const store = openSqlite(DATABASE);

/**
 * Drains the table each second, one round after the other. What waits there when
 * the process ends is done at the next start.
 */
async function keepDraining(): Promise<void> {
  await drain(store, log).catch(console.error);
  setTimeout(keepDraining, 1000);
}
keepDraining();

serve(
  (request) => webhook(request, { publicKey, store: store.add }),
  Number(PORT ?? 3000),
);
