// Who is in a room now, by its record.
import type { RoomParticipant } from "./participants.ts";
import type { Room } from "./rooms.ts";

/**
 * Who is in a room now: the participants of its active session who have not left,
 * in the order of the record. A pure function.
 *
 * Get the room with `includeSessions`: without its sessions, nobody is known to be
 * in it. Someone who joined twice, such as from two devices, is listed twice.
 *
 * @param room The room, from `getRoom`, `allRooms` or `applyEvent`.
 * @returns The participants.
 *
 * @example Who is in the room
 * ```ts
 * import { getRoom, presentParticipants } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * fake.leave(fake.join(id, { context: "Alice" }).id);
 * fake.join(id, { context: "Bob" });
 *
 * const opts = { includeSessions: true };
 * const room = await getRoom(fake.fetch, "any", id, opts);
 * const names = presentParticipants(room).map(({ context }) => context);
 * assertEquals(names, ["Bob"]);
 * ```
 */
export function presentParticipants(
  { active_session_id, sessions }: Pick<Room, "active_session_id" | "sessions">,
): RoomParticipant[] {
  return (sessions ?? [])
    .filter(({ id, active }) => active ?? id === active_session_id)
    .flatMap(({ participants }) => participants ?? [])
    .filter(({ left_at }) => !left_at);
}
