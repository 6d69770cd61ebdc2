import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { contractProgram } from "../tests/support/child.ts";

/** What the verifier says of the fake with each sabotage. */
const sabotages: Record<string, ["passes" | "fails", says: string]> = {
  "as it is": ["passes", "has a matching body"],
  // The contract allows times without microseconds, and with an offset
  "coarse-times": ["passes", "has a matching body"],
  "renamed-field": ["fails", "missing the following keys: unique_name"],
  "wrong-type": ["fails", "to be an integer"],
  "wrong-format": ["fails", "Expected '2021-04-16' to match"],
  "wrong-status": ["fails", "expected 404 but was 400"],
  "missing-header": ["fails", "x-ratelimit-reset"],
  "renamed-event-field": ["fails", "missing the following keys: left_reason"],
  "missing-event-header": ["fails", "telnyx-timestamp"],
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
    assertStringIncludes(report, says, name);
    rest = `\n${others.join(end)}`;
  }
});
