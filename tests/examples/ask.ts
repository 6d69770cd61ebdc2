/** Asks an example without a server, and collects what it logs. */
import { assert } from "@std/assert";

/** Runs `use`, and returns what it logs instead of printing it. */
export async function quietly<T>(
  use: () => T,
): Promise<{ value: Awaited<T>; logged: string[] }> {
  const logged: string[] = [];
  const { error, log } = console;
  console.error = (...args) => void logged.push(args.join(" "));
  console.log = console.error;
  try {
    return { value: await use(), logged };
  } finally {
    Object.assign(console, { error, log });
  }
}

/** What no example may tell or log. */
export const secret = "KEY-secret";

/** Sends a request such as `GET /rooms`; what is no text is sent as JSON. */
export async function ask(
  handle: (request: Request) => Promise<Response>,
  line: string,
  sent?: unknown,
  headers: HeadersInit = { "content-type": "application/json" },
) {
  const [method = "", path] = line.split(" ");
  const body = typeof sent === "string" ? sent : JSON.stringify(sent);
  const request = new Request(`http://127.0.0.1${path}`, {
    method,
    headers,
    ...method === "POST" && body !== undefined && { body },
  });
  const { value, logged } = await quietly(() => handle(request));
  const text = await value.text();
  assert(!(text + logged).includes(secret));
  const isJson = value.headers.get("content-type") === "application/json";
  return {
    status: value.status,
    headers: value.headers,
    body: isJson ? JSON.parse(text) : text,
    logged,
  };
}
