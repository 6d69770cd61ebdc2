import type { FakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";

/** A path of the API as a URL. */
export const urlOf = (path: string): string =>
  `https://api.telnyx.com/v2${path}`;

/** Sends a request to a fake, with a token unless `init` has headers. */
export async function ask(
  fake: FakeRooms,
  path = `/rooms/${id}`,
  init: RequestInit = {},
) {
  const headers = { authorization: "Bearer any" };
  const response = await fake.fetch(urlOf(path), { headers, ...init });
  const text = await new Response(response.body).text();
  const body = text ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, body };
}
