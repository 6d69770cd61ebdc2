import { uuid } from "../arguments.ts";
import { readBody, readQuery } from "./read_request.ts";
import { badId, Refusal } from "./refusal.ts";
import type { Asked, Route } from "./route.ts";
import { compositions } from "./composition_routes.ts";
import { joinTokens } from "./join_token_routes.ts";
import { participants } from "./participant_routes.ts";
import { recordings } from "./recording_routes.ts";
import { rooms } from "./room_routes.ts";
import { sessions } from "./session_routes.ts";
import type { State } from "./state.ts";

/** Every operation that the fake carries out. */
export const routes: readonly Route[] = [
  ...rooms,
  ...joinTokens,
  ...sessions,
  ...participants,
  ...recordings,
  ...compositions,
];

/** What is asked of the fake: a request without its headers. */
export interface Call {
  method: string;
  url: string;
  /** The body; `""` if there is none. */
  body: string;
}

/** Which route a call is for, and the ids in its path. */
export function findRoute({ method, url }: Omit<Call, "body">) {
  const { pathname } = new URL(url);
  for (const route of routes) {
    if (route.operation.method !== method) continue;
    const pattern = route.operation.path
      .replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)");
    const match = new RegExp(`${pattern}/?$`).exec(pathname);
    if (match) return { ...route, ids: { ...match.groups } };
  }
}

/** The status and body of the response to a call. */
export function respond(
  state: State,
  call: Call,
): { status: number; body: unknown } {
  try {
    const route = findRoute(call);
    if (!route) throw Refusal.noSuchPath();
    const { operation, ids, carryOut } = route;
    for (const [name, id] of Object.entries(ids)) {
      if (uuid(id)) throw badId(name);
    }
    const read = operation.body
      ? readBody(operation, call.body)
      : { opts: readQuery(operation, new URL(call.url).searchParams) };
    const asked = { ids, ...read } as unknown as Asked<string, never, never>;
    return { status: operation.status, body: carryOut(state, asked) };
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
}
