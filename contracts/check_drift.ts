/**
 * `deno task contract:drift [--spec FILE|URL]`: compares the contract with what
 * the provider publishes. Exit code 0 if it holds, 1 if not, 2 if the document
 * cannot be read.
 */
import { parseArgs } from "node:util";
import { parse } from "npm:yaml@^2.9.1";
import { drift, report } from "./drift.ts";
import { pactFile, pactName } from "./names.ts";
import ours from "./telnyx_rooms.openapi.json" with { type: "json" };

/** What is compared with, by default what the provider publishes. */
let spec =
  "https://raw.githubusercontent.com/team-telnyx/openapi/master/openapi/spec3.json";

/** The text of a document, within a minute. */
async function read(): Promise<string> {
  if (!/^https?:/.test(spec)) return await Deno.readTextFile(spec);
  const response = await fetch(spec, { signal: AbortSignal.timeout(60_000) });
  if (response.ok) return await response.text();
  await response.body?.cancel();
  throw new Error(`HTTP ${response.status}`);
}

try {
  const options = { spec: { type: "string", default: spec } } as const;
  spec = parseArgs({ args: Deno.args, options }).values.spec;
  const text = await read();
  const theirs = /^\s*\{/.test(text) ? JSON.parse(text) : parse(text);
  if (!theirs?.openapi || !theirs.paths) {
    throw new Error("it is not an OpenAPI 3 document with paths");
  }
  const pact = JSON.parse(await Deno.readTextFile(pactFile));
  const findings = await drift(pact, ours, theirs);
  console.log(`${pactName}\nand ${spec}\n\n${report(findings)}`);
  Deno.exitCode = findings.some(({ weight }) => weight === "contradiction")
    ? 1
    : 0;
} catch (error) {
  const { message, cause } = error as Error;
  const [why] = (cause instanceof Error ? cause.message : message).split("\n");
  console.error(
    `contract:drift [--spec FILE|URL]: cannot compare with ${spec}: ${why}`,
  );
  Deno.exitCode = 2;
}
