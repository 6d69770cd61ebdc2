import { assert, assertEquals, assertStringIncludes } from "@std/assert";
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
const sabotages: Record<string, ["passes" | "fails", says: string[]]> = {
  "as it is": ["passes", ["has a matching body"]],
  // The contract allows times without microseconds, and with an offset
  "coarse-times": ["passes", ["has a matching body"]],
  [Object.keys(mistakes).join("+")]: ["fails", Object.values(mistakes)],
};

Deno.test("fakeRooms() fulfils the provider side of the contract, and a fake with a mistake does not", async () => {
  const { code, stdout, stderr } = await contractProgram(
    ["contracts/verify_fake.ts", ...Object.keys(sabotages)],
    { NO_COLOR: "1" },
  );
  assertEquals(code, 1, stderr);
  // deno-lint-ignore no-control-regex
  let rest = stdout.replace(/\x1b\[\d*m/g, "");
  for (const [name, [verdict, says]] of Object.entries(sabotages)) {
    const end = `\n${name}: ${verdict}\n`;
    const [report = "", ...others] = rest.split(end);
    assert(others.length > 0, `${name}: ${rest}`);
    for (const part of says) assertStringIncludes(report, part, name);
    if (verdict === "passes") {
      for (const part of Object.values(mistakes)) {
        assert(!report.includes(part), `${name}: ${part}`);
      }
    }
    rest = `\n${others.join(end)}`;
  }
});
