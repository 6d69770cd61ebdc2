/** Serves the handler of an example as it is, with `Bun.serve`. */
import process from "node:process";

const {
  DATABASE,
  TELNYX_API_KEY: token,
  TELNYX_BASE_URL: baseUrl,
  TELNYX_PUBLIC_KEY: publicKey,
} = process.env;
const [, , name] = process.argv;
const folder = `file://${process.cwd()}/examples/${name}`;
const load = (file) => import(`${folder}/${file}`);

const handlers = {
  async who_is_here() {
    const { whoIsHere } = await load("handler.js");
    return (request) => {
      const { signal } = request;
      return whoIsHere(request, { fetch, token, baseUrl, signal });
    };
  },
  async webhooks() {
    const { log, webhook } = await load("handler.ts");
    const { openSqlite } = await load("sqlite.ts");
    const { drain } = await load("store.ts");
    const store = openSqlite(DATABASE);
    const keepDraining = async () => {
      await drain(store, log);
      setTimeout(keepDraining, 100);
    };
    keepDraining();
    return (request) => webhook(request, { publicKey, store: store.add });
  },
};

const { port } = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: await handlers[name](),
});
console.log(`Listening on http://127.0.0.1:${port}/`);
