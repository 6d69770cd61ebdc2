/** Starts the handler on Node 20 or later: `node node.js` */
// @ts-check
import { createServer } from "node:http";
import process from "node:process";
import { whoIsHere } from "./handler.js";

const { TELNYX_API_KEY: token = "", TELNYX_BASE_URL: baseUrl, PORT } =
  process.env;

/**
 * A request as a web one, without a body; undefined if there is none, as of TRACE.
 *
 * @param {import("node:http").IncomingMessage} incoming
 */
function toRequest({ method = "GET", url = "/", headers }) {
  try {
    const sent = Object.entries(headers)
      .map(([name, value]) => [name, `${value}`]);
    return new Request(new URL(url, "http://localhost"), {
      method,
      headers: Object.fromEntries(sent),
    });
  } catch {
    return undefined;
  }
}

const server = createServer(async (incoming, outgoing) => {
  const gone = new AbortController();
  outgoing.on("close", () => gone.abort());
  const { signal } = gone;
  const request = toRequest(incoming);
  const response = request
    ? await whoIsHere(request, { fetch, token, baseUrl, signal })
    : new Response(null, { status: 400 });
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(await response.text());
});
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
