/** Starts the handler on Node 22.18 or later: `node node.ts` */
import process from "node:process";
import { serve } from "../node_server.mjs";
import { log, webhook } from "./handler.ts";
import { openSqlite, startDraining } from "./sqlite.ts";

const {
  DATABASE = "events.db",
  PORT,
  TELNYX_PUBLIC_KEY: publicKey = "",
} = process.env;
const store = openSqlite(DATABASE);

// What waits in the table when the process ends is done at the next start
startDraining(store, log);
serve(
  (request) => webhook(request, { publicKey, store: store.add }),
  Number(PORT ?? 3000),
);
