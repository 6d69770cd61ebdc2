/** Runs on Deno Deploy or anywhere else: `deno run --allow-net --allow-env deno.ts` */
import { whoIsHere } from "./handler.js";

const token = Deno.env.get("TELNYX_API_KEY") ?? "";
const baseUrl = Deno.env.get("TELNYX_BASE_URL"); // undefined for the real API

Deno.serve((request) => whoIsHere(request, { fetch, token, baseUrl }));
