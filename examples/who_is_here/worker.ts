/**
 * A Cloudflare Worker for a badge on a public page; store the key with
 * `wrangler secret put TELNYX_API_KEY`.
 */
import { whoIsHere } from "./handler.js";

interface Env {
  TELNYX_API_KEY?: string;
  /** The API's address; undefined for the real one. */
  TELNYX_BASE_URL?: string;
}

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    const { TELNYX_API_KEY: token = "", TELNYX_BASE_URL: baseUrl } = env;
    const { signal } = request;
    const isPublic = true;
    return whoIsHere(request, { fetch, token, baseUrl, signal, isPublic });
  },
};
