/** Starts the server: `bun server.ts` */
import process from "node:process";
import { answer } from "./room.ts";

const { TELNYX_API_KEY: token = "", TELNYX_BASE_URL: baseUrl, PORT } =
  process.env;

const server = Bun.serve({
  port: Number(PORT ?? 3000),
  routes: {
    "/rooms/:id": ({ params, signal }) =>
      answer(params.id, { fetch, token, baseUrl }, signal),
  },
  fetch: () => new Response("Ask for /rooms/{id}\n", { status: 404 }),
});
console.log(`Listening on ${server.url}`);
