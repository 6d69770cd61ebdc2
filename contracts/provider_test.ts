import { assertEquals, assertStringIncludes } from "@std/assert";
import { stripVTControlCharacters } from "node:util";
import { contractProgram } from "../tests/support/child.ts";
import { verdicts } from "./verify_fake.ts";

Deno.test("fakeRooms() fulfils the provider side of the contract, and a fake with a mistake does not", async () => {
  const { stdout, stderr } = await contractProgram(
    ["contracts/verify_fake.ts"],
    { NO_COLOR: "1" },
  );
  let rest = stripVTControlCharacters(stdout);
  const { says: mistakes } = verdicts["every mistake"] ?? {};
  for (const [name, { passes, says }] of Object.entries(verdicts)) {
    const end = `\n${name}: ${passes ? "passes" : "fails"}\n`;
    assertStringIncludes(rest, end, stderr);
    const [report = "", ...others] = rest.split(end);
    for (const part of says) assertStringIncludes(report, part, name);
    for (const part of mistakes ?? []) {
      assertEquals(report.includes(part), says.includes(part), part);
    }
    rest = `\n${others.join(end)}`;
  }
});
