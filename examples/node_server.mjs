/** Serves a handler of web requests with `node:http`. */
// @ts-check
import { createServer } from "node:http";
import process from "node:process";

/**
 * A request of Node as a web one; undefined if there is none, as of TRACE.
 *
 * @param {import("node:http").IncomingMessage} incoming
 * @param {AbortSignal} signal
 */
function toRequest(incoming, signal) {
  const { method = "GET", url = "/" } = incoming;
  const sent = Object.entries(incoming.headers)
    .map(([name, value]) => [name, `${value}`]);
  const headers = Object.fromEntries(sent);
  // A body that is too large must not close the connection
  const body = method === "POST"
    ? ReadableStream.from(incoming.iterator({ destroyOnReturn: false }))
    : null;
  const init = { method, headers, body, duplex: "half", signal };
  try {
    return new Request(new URL(url, "http://localhost"), init);
  } catch {
    return undefined;
  }
}

/**
 * Serves until SIGTERM, and prints the address. The signal of a request says when
 * the client has left.
 *
 * @param {(request: Request) => Promise<Response>} handle
 * @param {number} port 0 for any that is free.
 * @param {string} [hostname] Default: every address of this machine.
 */
export function serve(handle, port, hostname) {
  const server = createServer(async (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on("close", () => gone.abort());
    const request = toRequest(incoming, gone.signal);
    const answering = request
      ? handle(request)
      : new Response(null, { status: 400 });
    // An error here would end the process
    const response = await Promise.resolve(answering).catch((error) => {
      console.error(error);
      return new Response(null, { status: 500 });
    });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    // Deno would leave the rest of a body in front of the next request
    outgoing.end(await response.text(), () => incoming.resume());
  });
  server.on("error", ({ message }) => {
    console.error(`Cannot serve: ${message}`); // such as a port that is taken
    process.exit(1);
  });
  server.listen(port, hostname, () => {
    const address = server.address();
    const port = typeof address === "object" ? address?.port : address;
    console.log(`Listening on http://${hostname ?? "localhost"}:${port}`);
  });
  // Running requests finish
  process.once("SIGTERM", () => server.close(() => process.exit()));
}
