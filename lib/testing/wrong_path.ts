// Paths that do not exist though they look as if they did, some of them from
// Telnyx's own examples: what was meant.
import { matchPath } from "../core/path.ts";
import type { Route } from "./route.ts";

/** What is meant by a path that does not exist. */
const meant: [path: string, meant: string][] = [
  ["/rooms/{id}/recordings", "GET /room_recordings?filter[room_id]={id}"],
  [
    "/room_sessions/{id}/recordings",
    "GET /room_recordings?filter[session_id]={id}",
  ],
  [
    "/room_participants/{id}/recordings",
    "GET /room_recordings?filter[participant_id]={id}",
  ],
  [
    "/rooms/{id}/participants",
    "GET /rooms/{id}/sessions?include_participants=true",
  ],
  ["/rooms/{id}/compositions", "GET /room_compositions?filter[session_id]=…"],
  [
    "/room_sessions/{id}/compositions",
    "GET /room_compositions?filter[session_id]={id}",
  ],
  [
    "/rooms/{id}/generate_join_client_token",
    "POST /rooms/{id}/actions/generate_join_client_token",
  ],
  ["/rooms/{id}/end", "POST /room_sessions/…/actions/end"],
  ["/room_sessions/{id}/end", "POST /room_sessions/{id}/actions/end"],
  ["/rooms/{id}/actions/end", "POST /room_sessions/…/actions/end"],
  ...["sessions", "participants", "recordings", "compositions"]
    .flatMap((name): [string, string][] => [
      [`/${name}/{id}`, `GET /room_${name}/{id}`],
      [`/${name}`, `GET /room_${name}`],
    ]),
];

/** Why there is nothing at a URL, and what was meant if that can be told. */
export function wrongPath(
  method: string,
  url: string,
  routes: readonly Route[],
): string {
  const { pathname } = new URL(url);
  const methods = routes.filter(({ operation }) =>
    matchPath(operation.path, pathname)
  ).map(({ operation }) => operation.method);
  if (methods.length > 0) {
    return `There is no ${method} of this address, only ${
      [...new Set(methods)].join(", ")
    }.`;
  }
  for (const [path, right] of meant) {
    const ids = matchPath(path, pathname);
    if (!ids) continue;
    const request = right.replace("{id}", () => ids.id ?? "");
    return `There is nothing at this address; you may mean ${request}.`;
  }
  return "There is nothing at this address.";
}
