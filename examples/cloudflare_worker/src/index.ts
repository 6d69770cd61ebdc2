/** The Worker's entry; store the key with `wrangler secret put TELNYX_API_KEY`. */
import { answer } from "./room.ts";

interface Env {
  TELNYX_API_KEY?: string;
  /** The API's address; undefined for the real one. */
  TELNYX_BASE_URL?: string;
}

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    const { TELNYX_API_KEY: token = "", TELNYX_BASE_URL: baseUrl } = env;
    return answer(request, { fetch, token, baseUrl });
  },
};
