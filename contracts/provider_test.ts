import { assertEquals, assertStringIncludes } from "@std/assert";
import { stripVTControlCharacters } from "node:util";
import { contractProgram } from "../tests/support/child.ts";
import { mistakes } from "./verify_fake.ts";

Deno.test("fakeRooms() fulfils the provider side of the contract, and a fake with a mistake does not", async () => {
  const program = ["contracts/verify_fake.ts"];
  const { stdout, stderr } = await contractProgram(program, { NO_COLOR: "1" });
  const text = stripVTControlCharacters(stdout);
  const [verified = "", asItIs, report = "", last] = text
    .split(/^(.+: (?:passes|fails))$/m);
  const verdicts = ["as it is: passes", "every mistake: fails"];
  assertEquals([asItIs, last], verdicts, stderr);
  assertStringIncludes(verified, "has a matching body");
  for (const says of Object.keys(mistakes)) assertStringIncludes(report, says);
});
