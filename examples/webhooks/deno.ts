/** Starts the handler on Deno: `deno run --allow-net --allow-env deno.ts` */
import { log, webhook } from "./handler.ts";

const publicKey = Deno.env.get("TELNYX_PUBLIC_KEY") ?? "";

Deno.serve((request) => webhook(request, { publicKey, work: log }));
