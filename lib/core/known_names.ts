// Refuses names of options that do not exist, and says which one was meant.
import { InvalidArgumentError } from "./errors.ts";

/** How many letters differ between two words (Levenshtein's distance). */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      row.push(Math.min(
        (row[j - 1] ?? 0) + 1,
        (previous[j] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (isSame ? 0 : 1),
      ));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** A name as it is compared: `room_id` and `roomID` are like `roomId`. */
const plain = (name: string) => name.replaceAll(/[_-]/g, "").toLowerCase();

/** The known name that is most like a wrong one; undefined if none is. */
export function nearest(
  name: string,
  known: readonly string[],
): string | undefined {
  const word = plain(name.slice(0, 50));
  const far = (other: string) => distance(word, plain(other));
  const [best] = [...known].sort((a, b) => far(a) - far(b));
  const isLike = best !== undefined &&
    far(best) <= Math.max(2, word.length / 2);
  return isLike ? best : undefined;
}

/**
 * Throws if an object has a property with a name that is not known, unless its
 * value is undefined.
 *
 * @param argument The object's name in errors; `""` for the options.
 */
export function checkNames(
  argument: string,
  value: object,
  known: readonly string[],
): void {
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    if (Reflect.get(value, name) === undefined) continue;
    const shown = name.length > 50 ? `${name.slice(0, 49)}…` : name;
    const hint = nearest(name, known);
    throw new InvalidArgumentError(
      argument ? `${argument}.${shown}` : shown,
      hint === undefined
        ? `is unknown: known are ${known.join(", ")}`
        : `is unknown: did you mean '${hint}'?`,
    );
  }
}
