/** Provider states that a real account can be in, and how to find or create them. */
import {
  createJoinToken,
  createRoom,
  type FetchFn,
  getRoom,
  listCompositions,
  listRecordings,
  listRooms,
  type Room,
} from "../mod.ts";
import type { Given } from "./names.ts";

/** The account to verify, and one of its rooms. */
export interface Account {
  fetchFn: FetchFn;
  token: string;
  baseUrl: string;
  roomId: string;
}

/** Returns the values of a state, or undefined if the account is not in it. */
type Find<T> = (of: T) => Promise<Given | undefined> | Given | undefined;

const when = (holds: unknown, given: Given = {}): Given | undefined =>
  holds ? given : undefined;

/** The values of a room with participants in every session. */
function peopled(
  { id, sessions }: Room,
  which: (session: {
    active?: boolean | null;
  }) => unknown,
): Given | undefined {
  const people = (sessions ?? []).map(({ participants }) => participants ?? []);
  const session = sessions?.find(which);
  const [person] = session?.participants ?? [];
  if (!session || !person) return;
  return when(
    people.every((all) =>
      all.length > 0 && all.every(({ context }) => context)
    ),
    {
      room_id: id,
      room_session_id: session.id,
      room_participant_id: person.id,
    },
  );
}

/** The states of a room, looked up with its sessions. */
export const ofRoom: Record<string, Find<Room>> = {
  "a room with a name and webhooks exists": (room) =>
    when(
      room.unique_name && room.webhook_event_url &&
        room.webhook_event_failover_url &&
        typeof room.webhook_timeout_secs === "number",
      { room_id: room.id },
    ),

  "a room that was made without a name exists": (room) =>
    when(
      room.unique_name === null && room.active_session_id === null &&
        room.webhook_event_url === null &&
        typeof room.webhook_event_failover_url === "string" &&
        room.webhook_timeout_secs === null,
      { room_id: room.id },
    ),

  "a room without webhook fail-over and time-out exists": (room) =>
    when(
      room.webhook_event_failover_url === null &&
        room.webhook_timeout_secs === null,
      { room_id: room.id },
    ),

  "a room with an active session and people in it exists": (room) =>
    peopled(room, ({ active }) => active),

  "a room whose session has ended exists": (room) =>
    room.sessions?.every(({ ended_at, participants }) =>
        ended_at && participants?.every(({ left_at }) => left_at)
      )
      ? peopled(room, () => true)
      : undefined,

  "a room that never had a session exists": (room) =>
    when(!room.active_session_id && !room.sessions?.length, {
      room_id: room.id,
    }),
};

/** A v4 UUID that no room has. */
const noRoom = "00000000-0000-4000-8000-000000000000";

/** A recording of this status. */
async function recordingOf(
  { fetchFn, token, baseUrl }: Account,
  status: "completed" | "processing",
): Promise<Given | undefined> {
  const opts = { baseUrl, status, pageSize: 1 };
  const { data: [recording] } = await listRecordings(fetchFn, token, opts);
  return recording && { room_recording_id: recording.id };
}

/** The other states of an account. */
const ofAccount: Record<string, Find<Account>> = {
  "the token is unknown": ({ roomId }) => ({ room_id: roomId }),

  "there is no such room": () => ({ room_id: noRoom }),

  "rooms exist": () => ({}),

  "more rooms exist than a page of one holds": async (account) => {
    const { fetchFn, token, baseUrl } = account;
    const { meta } = await listRooms(fetchFn, token, { baseUrl, pageSize: 1 });
    return when(meta.total_pages > 1);
  },

  "a recording is ready": (account) => recordingOf(account, "completed"),

  "a recording is being made": (account) => recordingOf(account, "processing"),

  "a composition is ready": async ({ fetchFn, token, baseUrl }) => {
    const { data } = await listCompositions(fetchFn, token, {
      baseUrl,
      status: "completed",
    });
    const one = data.find(({ video_layout }) => {
      const regions = Object.values(video_layout ?? {});
      return regions.length > 0 &&
        regions.every((it) => it.width && it.height && it.video_sources);
    });
    return one && { room_composition_id: one.id };
  },
};

/** Finds the states that an account is in, by reading only. */
export async function findStates(
  account: Account,
): Promise<Map<string, Given>> {
  const { fetchFn, token, roomId, baseUrl } = account;
  const room = await getRoom(fetchFn, token, roomId, {
    baseUrl,
    includeSessions: true,
  });
  const found = new Map<string, Given>();
  const look = async <T>(states: Record<string, Find<T>>, of: T) => {
    for (const [state, find] of Object.entries(states)) {
      const given = await find(of);
      if (given) found.set(state, given);
    }
  };
  await look(ofRoom, room);
  await look(ofAccount, account);
  return found;
}

/** A name that no room has. */
const newName = () => `contract-${crypto.randomUUID()}`;

/** Creates a room for one request. */
async function newRoom({ fetchFn, token, baseUrl }: Account) {
  const unique_name = newName();
  const room = await createRoom(fetchFn, token, {
    unique_name,
    webhook_event_url: "https://www.example.com",
    webhook_event_failover_url: "https://failover.example.com",
    webhook_timeout_secs: 5,
  }, { baseUrl });
  return { room_id: room.id, unique_name };
}

/** Creates the states for requests that write. */
export const makeState: Record<string, (of: Account) => Promise<Given>> = {
  "no room has that name": () => Promise.resolve({ unique_name: newName() }),

  "a room has that name": newRoom,

  "a room with a name and webhooks exists": newRoom,

  "there is no such room": () => Promise.resolve({ room_id: noRoom }),

  "a refresh token was made for the room": async (account) => {
    const { fetchFn, token, baseUrl } = account;
    const { room_id } = await newRoom(account);
    const { refresh_token } = await createJoinToken(fetchFn, token, room_id, {
      baseUrl,
    });
    return { room_id, refresh_token };
  },
};
