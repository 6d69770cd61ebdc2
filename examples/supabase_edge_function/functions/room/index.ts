/** The function's entry; set the key with `supabase secrets set TELNYX_API_KEY=…`. */
import { answer } from "./room.ts";

const token = Deno.env.get("TELNYX_API_KEY") ?? "";
const baseUrl = Deno.env.get("TELNYX_BASE_URL"); // undefined for the real API

Deno.serve((request) => answer(request, { fetch, token, baseUrl }));
