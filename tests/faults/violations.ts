import type { Case } from "./cases.ts";

/** What `play()` tells of a look-up. */
export interface Played {
  result: string;
  ms: number;
  leaked?: boolean;
  pointer?: string;
  status?: number;
  retryAfterMs?: number;
}

/** What is wrong with the outcome of a case; nothing if all is well. */
export function violations(
  { expected: { result, ...more }, requests, withinMs }: Case,
  played: Played,
  seen: number | undefined,
): string[] {
  const wrong: string[] = [];
  if (!result.includes(played.result)) {
    wrong.push(`${played.result}, not ${result.join(" or ")}`);
  }
  for (const [name, value] of Object.entries(more)) {
    // Where a runtime has another result, it has no such detail
    if (result.length > 1) continue;
    const told = played[name as keyof Played];
    if (told !== value) wrong.push(`${name} is ${told}, not ${value}`);
  }
  if (seen !== requests) wrong.push(`${seen} requests, not ${requests}`);
  if (played.leaked) wrong.push("the token is shown");
  if (played.ms >= withinMs) wrong.push(`took ${played.ms} ms`);
  return wrong;
}
