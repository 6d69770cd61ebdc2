/** Reads what `deno test --reporter=dot` prints, and its report in XML. */
import { stripVTControlCharacters } from "node:util";

/** The counts of a report. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Splits a stream into lines. */
export async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest) yield rest;
}

/** The dots of a line, which has nothing else; undefined for any other line. */
export function dotsOf(line: string): string | undefined {
  const plain = stripVTControlCharacters(line).trim();
  return /^[.,!]+$/.test(plain) ? plain : undefined;
}

/**
 * The errors in what was printed, each with its test and file, without the list
 * of names that follows them; empty if there are none.
 */
export function errorsOf(lines: readonly string[]): string {
  const headings = lines.map((line) => stripVTControlCharacters(line).trim());
  const begin = headings.indexOf("ERRORS") + 1;
  if (begin === 0) return "";
  const end = headings.indexOf("FAILURES", begin);
  return lines.slice(begin, end < 0 ? undefined : end).join("\n").trim();
}

/** The counts of a report, which is empty if no test has run. */
export function countsOf(xml: string): Counts {
  /** A number of the report's opening tag, such as `tests="12"`. */
  const total = (name: string): number =>
    Number(new RegExp(`<testsuites[^>]* ${name}="(\\d+)"`).exec(xml)?.[1] ?? 0);
  const failed = total("failures") + total("errors");
  const skipped = skippedOf(xml).length;
  return { passed: total("tests") - failed - skipped, failed, skipped };
}

const entities: Record<string, string> = {
  amp: "&",
  apos: "'",
  gt: ">",
  lt: "<",
  quot: '"',
};

/** The names of the tests that were skipped; a name says what its test needs. */
export function skippedOf(xml: string): string[] {
  const tests = xml.matchAll(/<testcase name="([^"]*)"[^>]*>\s*<skipped\b/g);
  return [...tests].map(([, name = ""]) =>
    name.replace(/&(\w+);/g, (text, entity) => entities[entity] ?? text)
  );
}
