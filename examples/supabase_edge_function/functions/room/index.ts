/** The function's start; `supabase secrets set TELNYX_API_KEY=…` keeps the key. */
import { answer } from "./room.ts";

const token = Deno.env.get("TELNYX_API_KEY") ?? "";
const baseUrl = Deno.env.get("ROOMS_URL"); // undefined is the real API

Deno.serve((request) => answer(request, { fetch, token, baseUrl }));
