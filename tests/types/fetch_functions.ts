/**
 * Functions that users pass as `fetchFn`, and other requests with them. Compiled
 * as a user's code, but never run.
 */
import { type FetchFn, getRoom } from "@videorooms/telnyx";
import { fakeRooms } from "@videorooms/telnyx/testing";
import { createHttpFetch, httpFetch } from "@videorooms/telnyx/node";
import { fetch as undici } from "undici";
import http from "node:http";
import https from "node:https";
export const functions: FetchFn[] = [
  fetch,
  fakeRooms().fetch,
  undici,
  httpFetch,
  createHttpFetch({ agent: new http.Agent({ keepAlive: true }) }),
  createHttpFetch({ agent: new https.Agent({ ca: "" }) }),
  (url, init) => fetch(url, { ...init, headers: { ...init.headers, "x-own": "1" } }),
  async (url: string, init: RequestInit) => await fetch(url, init),
  (url: string | URL | Request, init?: RequestInit) => fetch(url, init),
];
export async function share(fetchFn: FetchFn): Promise<unknown> {
  await getRoom(fetchFn, "KEY", "id");
  const response = await fetchFn("https://example.com", { method: "POST", body: "{}" });
  return response.ok ? await response.json() : response.status;
}
