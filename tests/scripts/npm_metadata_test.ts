import { assertEquals } from "@std/assert";
import { metadata } from "../../scripts/npm_metadata.ts";

Deno.test("main and types of the npm package are those of its root, for resolvers that do not read exports", () => {
  const { main, types, exports } = metadata;
  const entries: Record<string, unknown> = exports;
  assertEquals({ types, default: main }, entries["."]);
});
