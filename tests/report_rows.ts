import type { ReportRow } from "../scripts/install_package.ts";

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
