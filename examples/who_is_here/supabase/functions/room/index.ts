/**
 * Answers `supabase.functions.invoke("room", { body: { room_id } })`; set the key
 * with `supabase secrets set TELNYX_API_KEY=…`.
 */
import { whoIsHere } from "../../../handler.js";

const token = Deno.env.get("TELNYX_API_KEY") ?? "";
const baseUrl = Deno.env.get("TELNYX_BASE_URL"); // undefined for the real API

Deno.serve((request) =>
  whoIsHere(request, { fetch, token, baseUrl, isPublic: true })
);
