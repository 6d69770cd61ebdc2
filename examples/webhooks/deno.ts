/**
 * Starts the handler on Deno: `deno run --allow-net --allow-env --allow-read
 * --allow-write=. deno.ts`
 */
import { log, webhook } from "./handler.ts";
import { openSqlite, startDraining } from "./sqlite.ts";

const publicKey = Deno.env.get("TELNYX_PUBLIC_KEY") ?? "";
const store = openSqlite(Deno.env.get("DATABASE") ?? "events.db");

startDraining(store, log);
Deno.serve((request) => webhook(request, { publicKey, store: store.add }));
