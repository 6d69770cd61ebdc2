// Refuses names of options that do not exist, and says which one was meant.
import { InvalidArgumentError } from "./errors.ts";
import { shown } from "./foreign.ts";

/** No name of an option is as long. */
const maxNameLength = 50;

/** A name as it is compared: `room_id` and `roomID` are like `roomId`. */
const plain = (name: string) => name.replaceAll(/[_-]/g, "").toLowerCase();

/**
 * How many letters have to be added, removed, replaced or swapped with their
 * neighbour to make one word of another (the Damerau-Levenshtein distance,
 * where no letter is changed twice).
 */
export function distance(word: string, other: string): number {
  // rows[i][j] is the distance of the first i letters from the first j
  const rows = [Array.from({ length: other.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= word.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= other.length; j++) {
      const isSame = word[i - 1] === other[j - 1];
      const isSwapped = word[i - 1] === other[j - 2] &&
        word[i - 2] === other[j - 1];
      row.push(Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + (isSame ? 0 : 1),
        isSwapped ? at(i - 2, j - 2) + 1 : Infinity,
      ));
    }
  }
  return at(word.length, other.length);
}

/**
 * The known name that a wrong one is nearest to, if at most a third of its letters
 * (rounded up) are changed.
 */
export function nearest(
  name: string,
  known: readonly string[],
): string | undefined {
  if (name.length > maxNameLength) return undefined;
  const word = plain(name);
  let best: string | undefined;
  let least = Infinity;
  for (const other of known) {
    const changes = distance(word, plain(other));
    const letters = Math.max(word.length, other.length);
    const isNear = changes <= Math.ceil(letters / 3);
    if (!isNear || changes >= least) continue;
    best = other;
    least = changes;
  }
  return best;
}

/**
 * Throws if a field is a known one in another spelling, such as `uniqueName`, and
 * lets any other pass: the API may have more fields than this module knows.
 */
export function checkSpelling(
  argument: string,
  name: string,
  known: readonly string[],
  secrets: readonly string[],
): void {
  if (known.includes(name) || name.length > maxNameLength) return;
  const word = plain(name);
  if (known.some((other) => plain(other) === word)) {
    checkName(argument, name, known, secrets);
  }
}

/** Throws if a name is not known. */
export function checkName(
  argument: string,
  name: string,
  known: readonly string[],
  secrets: readonly string[] = [],
): void {
  if (known.includes(name)) return;
  const hint = nearest(name, known);
  throw new InvalidArgumentError(
    shown(argument ? `${argument}.${name}` : name, secrets),
    hint ? `is unknown: did you mean '${hint}'?` : "is unknown",
  );
}
