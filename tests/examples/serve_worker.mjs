/** Serves a bundled worker with miniflare, as `wrangler dev` would. */
import process from "node:process";
import { Miniflare } from "miniflare";

const [scriptPath, config] = process.argv.slice(2);
const { TELNYX_API_KEY, TELNYX_BASE_URL, TELNYX_PUBLIC_KEY } = process.env;
const { compatibility_date, compatibility_flags, d1_databases = [] } = JSON
  .parse(config);
const miniflare = new Miniflare({
  modules: true,
  cf: false, // or it asks a server for one
  scriptPath,
  host: "127.0.0.1",
  port: 0,
  compatibilityDate: compatibility_date,
  compatibilityFlags: compatibility_flags,
  bindings: { TELNYX_API_KEY, TELNYX_BASE_URL, TELNYX_PUBLIC_KEY },
  d1Databases: d1_databases.map(({ binding }) => binding),
});
process.stdout.write(`Listening on ${await miniflare.ready}\n`);
process.once("SIGTERM", () => miniflare.dispose());
