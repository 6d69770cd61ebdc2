import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { contractProgram } from "../tests/support/child.ts";

/** Runs the verification, and returns its report. */
async function verify(...sabotage: string[]) {
  const { code, stdout, stderr } = await contractProgram(
    ["contracts/verify_fake.ts", ...sabotage],
    { NO_COLOR: "1" },
  );
  return { code, report: stdout + stderr };
}

Deno.test("fakeRooms() fulfils the provider side of the contract", async () => {
  const { code, report } = await verify();
  assertEquals(code, 0, report);
  assertStringIncludes(report, "has a matching body");
});

Deno.test("The contract allows times without microseconds, and with an offset", async () => {
  const { code, report } = await verify("coarse-times");
  assertEquals(code, 0, report);
});

const sabotages: [string, string][] = [
  ["renamed-field", "missing the following keys: unique_name"],
  ["wrong-type", "to be an integer"],
  ["wrong-format", "Expected '2021-04-16' to match"],
  ["wrong-status", "expected 404 but was 400"],
  ["missing-header", "x-ratelimit-reset"],
  ["renamed-event-field", "missing the following keys: left_reason"],
  ["missing-event-header", "telnyx-timestamp"],
];

for (const [sabotage, expected] of sabotages) {
  Deno.test(`verify_fake fails for a fake with a ${sabotage}`, async () => {
    const { code, report } = await verify(sabotage);
    assertEquals(code, 1, report);
    // deno-lint-ignore no-control-regex
    const plain = report.replace(/\x1b\[\d*m/g, "");
    assert(plain.includes(expected), report);
  });
}
