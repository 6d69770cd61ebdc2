/** The Worker's entry; set the key with `wrangler secret put TELNYX_PUBLIC_KEY`. */
import { log, webhook } from "./handler.ts";

interface Env {
  TELNYX_PUBLIC_KEY?: string;
}

interface Context {
  waitUntil(done: Promise<unknown>): void;
}

export default {
  fetch(request: Request, env: Env, context: Context): Promise<Response> {
    return webhook(request, {
      publicKey: env.TELNYX_PUBLIC_KEY ?? "",
      work: log,
      waitUntil: (done) => context.waitUntil(done),
    });
  },
};
