import { assertEquals } from "@std/assert";
import pact from "../../contracts/videorooms-telnyx-telnyx-video-api.json" with {
  type: "json",
};
import { ignoredOf } from "../../lib/testing/ignored.ts";

for (const { description, request } of pact.interactions) {
  if (!("body" in request)) continue;
  const { method, path, body } = request;
  Deno.test(`ignoredOf() of ${method} ${path}, ${description}: only what is not read`, () => {
    const sent = { ...body?.content, color: "blue" };
    assertEquals(
      ignoredOf({
        method,
        url: `https://api.telnyx.com/v2${path}`,
        headers: {},
        body: JSON.stringify(sent),
      }),
      ["color"],
    );
  });
}
