/** Starts the server: `node main.js`. */
import process from "node:process";
import { roomServer } from "./server.js";

const { TELNYX_API_KEY: token = "", TELNYX_BASE_URL: baseUrl, PORT } =
  process.env;

const server = roomServer({ fetch, token, baseUrl });
server.on("error", ({ message }) => {
  console.error(`Cannot serve: ${message}`); // such as a port that is taken
  process.exitCode = 1;
});
server.listen(Number(PORT ?? 3000), () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : address;
  console.log(`Listening on http://localhost:${port}`);
});
process.once("SIGTERM", () => server.close()); // lets running requests finish
