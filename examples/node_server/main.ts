/** Starts the server: `node main.ts`, with Node 22.18 or later. */
import type { AddressInfo } from "node:net";
import process from "node:process";
import { roomServer } from "./server.ts";

const { TELNYX_API_KEY: token = "", ROOMS_URL: baseUrl, PORT } = process.env;

const server = roomServer({ fetch, token, baseUrl });
server.listen(Number(PORT ?? 3000), () => {
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://localhost:${port}`);
});
process.once("SIGTERM", () => server.close()); // after the answers under way
