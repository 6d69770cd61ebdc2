// The pact and the description must not contradict each other.
import { assert, assertEquals } from "@std/assert";
import { drift } from "./drift.ts";
import description from "./telnyx_rooms.openapi.json" with { type: "json" };
import pact from "./videorooms-telnyx-telnyx-video-api.json" with {
  type: "json",
};
import { matchPath } from "../lib/core/path.ts";

const paths: Record<string, Record<string, object>> = description.paths;

for (const { description: name, request, response } of pact.interactions) {
  const template = Object.keys(paths).find((path) =>
    matchPath(path, request.path) !== undefined
  );
  const { method, path } = request;
  Deno.test(`${method} ${path}, ${name}, ${response.status}: has a body only where the description has one`, () => {
    assert(template, "the description has no such path");
    const described = paths[template]?.[method.toLowerCase()];
    assert(described, "the description has no such operation");
    assertEquals("body" in request, "requestBody" in described);
  });
}

type Interaction = (typeof pact.interactions)[number];

/** The findings of the pact beside the description; nothing is left open. */
async function findings(changed: unknown = pact): Promise<string[]> {
  const found = await drift(changed as typeof pact, description, description);
  return found.map(({ weight, part, text }) => `${weight}: ${part} ${text}`);
}

Deno.test("The pact has the queries, bodies, statuses and headers of the description", async () => {
  assertEquals(await findings(), []);
});

/** The first interaction that is like this, in a copy of the pact. */
function changedPact(
  isLike: (interaction: Interaction) => boolean,
  change: (interaction: Interaction) => void,
) {
  const copy = structuredClone(pact);
  const found = copy.interactions.find(isLike);
  assert(found, "no such interaction");
  change(found);
  return copy;
}

/** A changed part, which the types of the file do not allow. */
const set = (part: unknown, name: string, value: unknown) => {
  assert(typeof part === "object" && part !== null && name in part, name);
  Object.assign(part, { [name]: value });
};

const isCreation = ({ request, response }: Interaction) =>
  request.method === "POST" && request.path === "/rooms" &&
  response.status === 201;
const isLookup = ({ request, response }: Interaction) =>
  request.method === "GET" && /^\/rooms\/[^/]+$/.test(request.path) &&
  response.status === 200;
const hasQuery = ({ request }: Interaction) =>
  "query" in request && "include_sessions" in request.query;

const contradictions: [name: string, pact: unknown, finding: RegExp][] = [
  [
    "a query parameter that is not described",
    changedPact(hasQuery, ({ request }) => {
      set(request, "query", { with_sessions: ["true"] });
    }),
    /query\.with_sessions Query parameter is not defined/,
  ],
  [
    "a wrong value in a query",
    changedPact(hasQuery, ({ request }) => {
      set(request, "query", { include_sessions: ["maybe"] });
    }),
    /query\.include_sessions must be boolean/,
  ],
  [
    "a status that is not described",
    changedPact(isLookup, ({ response }) => set(response, "status", 202)),
    /response\.status .*: 202$/,
  ],
  [
    "another type in a response",
    changedPact(isLookup, ({ response }) => {
      const { content } = response.body as { content: { data: unknown } };
      set(content.data, "max_participants", "8");
    }),
    /data\.max_participants must be /,
  ],
  [
    "a field in a response that is not described",
    changedPact(isLookup, ({ response }) => {
      const { content } = response.body as { content: object };
      set(content, "data", {
        id: "7b61621f-62e0-4aad-ab11-9fd19e272e73",
        a: 1,
      });
    }),
    /data\.a is gone/,
  ],
  [
    "another type in a request's body",
    changedPact(isCreation, ({ request }) => {
      const { content } = (request as { body: { content: unknown } }).body;
      set(content, "max_participants", "8");
    }),
    /contradiction: /,
  ],
];

for (const [name, changed, finding] of contradictions) {
  Deno.test(`A pact with ${name} contradicts the description`, async () => {
    const found = await findings(changed);
    assert(found.some((text) => finding.test(text)), found.join("\n"));
  });
}
