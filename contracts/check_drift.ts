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

const published =
  "https://raw.githubusercontent.com/team-telnyx/openapi/master/openapi/spec3.json";

function fail(message: string): never {
  console.error(`contract:drift: ${message}`);
  Deno.exit(2);
}

function specOf(args: string[]): string {
  try {
    const options = { spec: { type: "string", default: published } } as const;
    return parseArgs({ args, options }).values.spec;
  } catch (error) {
    fail(`${(error as Error).message}; the only option is --spec FILE|URL`);
  }
}

/** The text of a document, within a minute. */
async function read(spec: string): Promise<string> {
  if (!/^https?:/.test(spec)) return await Deno.readTextFile(spec);
  const response = await fetch(spec, { signal: AbortSignal.timeout(60_000) });
  if (response.ok) return await response.text();
  await response.body?.cancel();
  throw new Error(`HTTP ${response.status}`);
}

const spec = specOf(Deno.args);
const text = await read(spec).catch(({ message, cause }: Error) =>
  fail(
    `Cannot read ${spec}: ${message}` +
      (cause instanceof Error ? `: ${cause.message}` : ""),
  )
);
let theirs: Record<string, unknown>;
try {
  theirs = /^\s*\{/.test(text) ? JSON.parse(text) : parse(text);
  if (!theirs?.openapi || !theirs.paths) throw new Error("no 'paths' in it");
} catch (error) {
  const [why] = (error as Error).message.split("\n");
  fail(`${spec} is not an OpenAPI 3 document: ${why}`);
}

const pact = JSON.parse(await Deno.readTextFile(pactFile));
const findings = await drift(pact, ours, theirs).catch((error: Error) =>
  fail(`Cannot compare ${spec}: ${error.message}`)
);
console.log(`${pactName}\nand ${spec}\n\n${report(findings)}`);
const broken = findings.some(({ weight }) => weight === "contradiction");
Deno.exit(broken ? 1 : 0);
