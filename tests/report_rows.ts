/** The rows of `deno task test:npm`. */
import type { ReportRow } from "../scripts/install_package.ts";
import type { Output } from "../scripts/sh.ts";

/** The result of a case. */
export interface Result {
  name: string;
  failure?: string;
}

/** Why a row is skipped. */
export class Skipped extends Error {}

/** The results in the last line of a runner. */
export function read<T>({ code, stdout, stderr }: Output): T[] {
  try {
    const results = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    if (code === 0) return results;
  } catch {
    // reported below
  }
  throw new Error(`exit code ${code}\n${stdout}${stderr}`);
}

/** Runs what is a row; its results, if any, may be what a runner prints. */
export async function rowOf(
  name: string,
  run: () => Promise<Output | Result[] | void>,
  version = () => Promise.resolve(""),
): Promise<ReportRow> {
  const row: ReportRow = { name, version: "", passed: 0, failures: [] };
  try {
    row.version = await version();
    const output = await run() ?? [{ name }];
    const results = Array.isArray(output) ? output : read<Result>(output);
    row.failures = results.filter(({ failure }) => failure)
      .map(({ name, failure }) => `${name}\n${failure}`);
    row.passed = results.length - row.failures.length;
  } catch (error) {
    if (error instanceof Skipped) row.skipped = error.message;
    else row.failures.push(String(error));
  }
  return row;
}

/**
 * The table at the end of `deno task test:npm`, and whether the package has passed.
 *
 * @param needsEvery Whether a row that was skipped has failed.
 */
export function reportRows(
  rows: readonly ReportRow[],
  needsEvery: boolean,
): { text: string; passed: boolean } {
  const sum = (count: (row: ReportRow) => number) =>
    rows.reduce((total, row) => total + count(row), 0);
  const failed = sum(({ failures }) => failures.length);
  const skipped = sum(({ skipped }) => skipped === undefined ? 0 : 1);
  const passed = sum(({ passed }) => passed);
  const details = rows.flatMap(({ name, failures }) =>
    failures.map((failure) => `${name}: ${failure}\n`)
  );
  const table = rows.map(({ name, version, passed, failures, skipped }) => {
    const share = skipped === undefined
      ? `${passed} of ${passed + failures.length}`
      : `skipped: ${skipped}`;
    return `${name.padEnd(36)}${version.padEnd(20)}${share}`;
  });
  const lacking = needsEvery && skipped > 0
    ? ["Every row is needed here, and some were skipped"]
    : [];
  return {
    text: [
      ...details,
      ...table,
      "",
      ...lacking,
      `${passed} passed, ${failed} failed, ${skipped} skipped`,
    ].join("\n"),
    passed: passed > 0 && failed === 0 && lacking.length === 0,
  };
}
