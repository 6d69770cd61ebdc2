/** The provider's own SDK against a fake server: prints what it made of it. */
import process from "node:process";
import Telnyx from "telnyx";

const [baseURL, id, missing] = process.argv.slice(2);
const client = new Telnyx({ apiKey: "KEY", baseURL, maxRetries: 0 });
const refused = new Telnyx({ apiKey: "other", baseURL, maxRetries: 0 });

const { data } = await client.rooms.retrieve(id, { include_sessions: true });
const status = (promise) => promise.then(() => 200, (error) => error.status);
process.stdout.write(JSON.stringify({
  data,
  missing: await status(client.rooms.retrieve(missing)),
  refused: await status(refused.rooms.retrieve(id)),
}));
