import type { InvalidArgumentError } from "../errors.ts";
import { toRequest } from "../operation.ts";
import { getRoomOperation, type GetRoomOptions } from "../rooms.ts";
import { CommandError, usageError } from "./failure.ts";
import { exitCodes } from "./manual.ts";

/** Refuses ids that are none, before anything is sent; drops repeated ones. */
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
      throw new CommandError(
        `${message} (id ${i + 1} of ${ids.length})`,
        exitCodes.usage,
      );
    }
  }
  const lower = ids.map((id) => id.toLowerCase());
  return ids.filter((_, i) => lower.indexOf(lower[i] as string) === i);
}
