/** Runs on Deno Deploy or anywhere else: `deno run --allow-net --allow-env main.ts` */
import { dashboard } from "./dashboard.ts";

const token = Deno.env.get("TELNYX_API_KEY") ?? "";
const baseUrl = Deno.env.get("TELNYX_BASE_URL"); // undefined for the real API

Deno.serve((request) => dashboard(request, { fetch, token, baseUrl }));
