import type { GetRoomOptions } from "../core/rooms.ts";
import type { InvalidArgumentError } from "../core/errors.ts";
import { toRequest } from "../core/request.ts";
import { getRoomOperation } from "../core/rooms.ts";
import { usageError } from "./failure.ts";

/** The ids, each once; throws if one is not a UUID, or an option is wrong. */
export function checkIds(
  command: string,
  ids: string[],
  opts: GetRoomOptions,
): string[] {
  if (ids.length === 0) throw usageError(`${command} needs the id of a room`);
  for (const [i, id] of ids.entries()) {
    try {
      toRequest(getRoomOperation, "any", { id }, opts);
    } catch (error) {
      const { argument, message } = error as InvalidArgumentError;
      if (argument !== "id" || ids.length === 1) throw error;
      throw usageError(`${message} (id ${i + 1} of ${ids.length})`);
    }
  }
  const seen = new Set<string>();
  return ids.filter((id) => {
    const lower = id.toLowerCase();
    const isFirst = !seen.has(lower);
    seen.add(lower);
    return isFirst;
  });
}
