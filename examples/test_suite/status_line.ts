/** The code under test: a line about a room, for the status bar of an app. */
import {
  ApiError,
  type FetchFn,
  getRoom,
  presentParticipants,
  type RetryPolicy,
  RoomsError,
} from "@videorooms/telnyx";

export async function statusLine(
  fetchFn: FetchFn,
  token: string,
  id: string,
  retry: RetryPolicy = {},
): Promise<string> {
  try {
    const options = { includeSessions: true, retry };
    const room = await getRoom(fetchFn, token, id, options);
    const people = presentParticipants(room);
    const names = people.map(({ context }) => context ?? "someone");
    return names.length > 0 ? `In the room: ${names.join(", ")}` : "Nobody yet";
  } catch (error) {
    if (!(error instanceof RoomsError)) throw error;
    if (error.code === "not_found") return "This room is gone";
    if (error instanceof ApiError && error.retryAfterMs !== undefined) {
      return `Busy: again in ${Math.ceil(error.retryAfterMs / 1000)} s`;
    }
    return "No news of this room";
  }
}
