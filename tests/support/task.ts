/** What programs such as `deno task simulate` share. */
import process from "node:process";
import { parseArgs } from "node:util";

/** The number of the option `--NAME N`; the program ends where it is too small. */
export function numberOption(
  name: string,
  byDefault: number,
  least: number,
): number {
  const option = { type: "string", default: `${byDefault}` } as const;
  const { values } = parseArgs({ options: { [name]: option } });
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= least) return number;
  console.error(`--${name} must be an integer from ${least}`);
  process.exit(2);
}

let [passed, failed] = [0, 0];

/** Counts a result, and prints what was wrong, if anything. */
export function report(name: string, problem: string | false): void {
  problem === false ? passed++ : failed++;
  console.log(
    problem === false ? `ok: ${name}` : `FAILED: ${name}: ${problem}`,
  );
}

/** Ends the program with the line `N passed, N failed`. */
export function end(): never {
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}

/** The commands that run a program on the runtimes at hand. */
export const commands: Record<string, string[]> = {
  Deno: [process.execPath, "run", "--no-lock", "--allow-all"],
  Node: ["node", "--trace-warnings"],
};
