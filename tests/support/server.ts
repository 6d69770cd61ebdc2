import { STATUS_CODE } from "@std/http/status";

/** Serves on loopback while `use` runs with the server's address. */
export async function withServer<T>(
  handler: (request: Request) => Response | Promise<Response>,
  use: (baseUrl: string) => Promise<T>,
): Promise<T> {
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen() {},
    onError: () =>
      new Response(null, { status: STATUS_CODE.InternalServerError }),
  }, handler);
  try {
    return await use(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}
