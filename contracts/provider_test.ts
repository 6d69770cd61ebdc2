import { assertEquals, assertStringIncludes } from "@std/assert";
import { stripVTControlCharacters } from "node:util";
import { contractProgram } from "../tests/support/child.ts";

/** Mistakes of a fake, and what the verifier says of each. */
const mistakes = {
  "renamed-field": "missing the following keys: unique_name",
  "wrong-type": "to be an integer",
  "wrong-format": "Expected '2021-04-16' to match",
  "wrong-status": "expected 404 but was 400",
  "missing-header": "Expected header 'x-ratelimit-reset' to have value",
  "renamed-event-field": "missing the following keys: left_reason",
  "missing-event-header": '"telnyx-timestamp" with value "1700000000" (FAILED)',
};

/**
 * What the verifier says of the fake with sabotages: the mistakes at once, as
 * each verification takes seconds.
 */
const verdicts: [sabotages: string, verdict: string, says: string[]][] = [
  ["as it is", "passes", ["has a matching body"]],
  // The contract allows times without microseconds, and with an offset
  ["coarse-times", "passes", ["has a matching body"]],
  [Object.keys(mistakes).join("+"), "fails", Object.values(mistakes)],
];

Deno.test("fakeRooms() fulfils the provider side of the contract, and a fake with a mistake does not", async () => {
  const { code, stdout, stderr } = await contractProgram(
    ["contracts/verify_fake.ts", ...verdicts.map(([sabotages]) => sabotages)],
    { NO_COLOR: "1" },
  );
  assertEquals(code, 1, stderr);
  let rest = stripVTControlCharacters(stdout);
  for (const [sabotages, verdict, says] of verdicts) {
    const end = `\n${sabotages}: ${verdict}\n`;
    assertStringIncludes(rest, end);
    const [report = "", ...others] = rest.split(end);
    for (const part of says) assertStringIncludes(report, part, sabotages);
    for (const part of Object.values(mistakes)) {
      assertEquals(report.includes(part), says.includes(part), part);
    }
    rest = `\n${others.join(end)}`;
  }
});
