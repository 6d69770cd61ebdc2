import { uuid } from "../core/arguments.ts";
import { matchPath } from "../core/path.ts";
import { compositions, recordings } from "./file_routes.ts";
import { joinTokens } from "./join_tokens.ts";
import { readBody, readQuery } from "./read_request.ts";
import { Refusal, refusal } from "./refusal.ts";
import { rooms } from "./room_routes.ts";
import type { Route } from "./route.ts";
import { participants, sessions } from "./session_routes.ts";
import type { State } from "./state.ts";
import { wrongPath } from "./wrong_path.ts";

export const routes: readonly Route[] = [
  ...rooms,
  ...joinTokens,
  ...sessions,
  ...participants,
  ...recordings,
  ...compositions,
];

/** A request without its headers. */
export interface BareRequest {
  method: string;
  url: string;
  body: string;
}

/** The route for a request, and the ids in its path. */
export function findRoute({ method, url }: Omit<BareRequest, "body">) {
  const { pathname } = new URL(url);
  for (const route of routes) {
    if (route.operation.method !== method) continue;
    const ids = matchPath(route.operation.path, pathname);
    if (ids) return { ...route, ids };
  }
}

/** The status and body of the response to a request. */
export function respond(
  state: State,
  request: BareRequest,
): { status: number; body: unknown } {
  try {
    const route = findRoute(request);
    if (!route) {
      throw refusal(404, wrongPath(request.method, request.url, routes), {
        code: "10003",
        title: "Invalid URL",
      });
    }
    const { operation, ids, carryOut } = route;
    for (const [name, id] of Object.entries(ids)) {
      if (!uuid(id)) continue;
      throw refusal(400, `The ${name} in the path is not a UUID.`, {
        code: "10006",
        title: "Invalid ID",
      });
    }
    const read = operation.body
      ? readBody(operation, request.body)
      : { opts: readQuery(operation, new URL(request.url).searchParams) };
    const body = carryOut(state, { ids, payload: undefined, ...read });
    return { status: operation.status, body };
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
}
