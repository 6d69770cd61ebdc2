import type { Case } from "./cases.ts";

/** The outcome of a look-up, from `playFault()`. */
export interface Played {
  result: string;
  ms: number;
  leaked?: boolean;
  pointer?: string;
  status?: number;
  retryAfterMs?: number;
}

/** Far more than any call takes, also on a busy machine. */
const mostMs = 20_000;

/** What is wrong with the outcome of a case. */
export function violations(
  { expected: { result, ...more }, requests }: Case,
  played: Played,
  seen: number | undefined,
): string[] {
  const wrong: string[] = [];
  if (!result.includes(played.result)) {
    wrong.push(`${played.result}, not ${result.join(" or ")}`);
  }
  for (const [name, value] of Object.entries(more)) {
    // Where runtimes differ in the result, they differ in the details
    if (result.length > 1) continue;
    const actual = played[name as keyof Played];
    if (actual !== value) wrong.push(`${name} is ${actual}, not ${value}`);
  }
  if (seen !== requests) wrong.push(`${seen} requests, not ${requests}`);
  if (played.leaked) wrong.push("the token is shown");
  if (played.ms >= mostMs) wrong.push(`took ${played.ms} ms`);
  return wrong;
}
