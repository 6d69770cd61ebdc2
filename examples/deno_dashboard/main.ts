/** The dashboard on Deno Deploy, or anywhere: `deno run --allow-net --allow-env` */
import { dashboard } from "./dashboard.ts";

const token = Deno.env.get("TELNYX_API_KEY") ?? "";
const baseUrl = Deno.env.get("ROOMS_URL"); // undefined is the real API

Deno.serve((request) => dashboard(request, { fetch, token, baseUrl }));
