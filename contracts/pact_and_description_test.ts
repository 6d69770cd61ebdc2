// The pact and the description must not contradict each other.
import { assert, assertEquals } from "@std/assert";
import description from "./telnyx_rooms.openapi.json" with { type: "json" };
import pact from "./videorooms-telnyx-telnyx-video-api.json" with {
  type: "json",
};

const paths: Record<string, Record<string, object>> = description.paths;

for (const { description: name, request, response } of pact.interactions) {
  const template = Object.keys(paths).find((path) =>
    new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`).test(request.path)
  );
  const { method, path } = request;
  Deno.test(`${method} ${path}, ${name}, ${response.status}: has a body only where the description has one`, () => {
    assert(template, "the description has no such path");
    const described = paths[template]?.[method.toLowerCase()];
    assert(described, "the description has no such operation");
    assertEquals("body" in request, "requestBody" in described);
  });
}
