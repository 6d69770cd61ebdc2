// The provider states of the contract: how to find or make them in an account.
import { createComposition, listCompositions } from "../client/compositions.ts";
import type { FetchFn } from "../client/fetch_fn.ts";
import { createJoinToken } from "../client/join_tokens.ts";
import { listRecordings } from "../client/recordings.ts";
import { createRoom, getRoom, listRooms } from "../client/rooms.ts";
import type { Room } from "../core/rooms.ts";
import { wholeMeeting } from "../core/whole_meeting.ts";
import { controlHeader, controlPath } from "../testing/control_access.ts";

/** The values of a state that go into the request: ids, a name. */
export type Given = Record<string, string>;

/** The account to verify, and the room to look at, if it is a certain one. */
export interface Account {
  fetchFn: FetchFn;
  token: string;
  baseUrl: string;
  roomId?: string | undefined;
}

/** Returns the values of a state, or undefined if the account is not in it. */
type Find<T> = (of: T) => Promise<Given | undefined> | Given | undefined;

/** A state of a room that needs no more than the room. */
const roomThat = (holds: (room: Room) => unknown): Find<Room> => (room) =>
  holds(room) ? { room_id: room.id } : undefined;

/** The values of a room with participants in every session. */
function peopled(
  { id, sessions }: Room,
  which: (session: { active?: boolean | null }) => unknown,
): Given | undefined {
  const people = (sessions ?? []).map(({ participants }) => participants ?? []);
  const session = sessions?.find(which);
  const [person] = session?.participants ?? [];
  const areNamed = people.every((all) =>
    all.length > 0 && all.every(({ context }) => context)
  );
  if (!session || !person || !areNamed) return;
  return {
    room_id: id,
    room_session_id: session.id,
    room_participant_id: person.id,
  };
}

/** The states of a room, looked up with its sessions. */
export const ofRoom: Record<string, Find<Room>> = {
  "a room with a name and webhooks exists": roomThat((room) =>
    room.unique_name && room.webhook_event_url &&
    room.webhook_event_failover_url &&
    typeof room.webhook_timeout_secs === "number"
  ),
  "a room that was made without a name exists": roomThat((room) =>
    room.unique_name === null && room.active_session_id === null &&
    room.webhook_event_url === null &&
    typeof room.webhook_event_failover_url === "string" &&
    room.webhook_timeout_secs === null
  ),
  "a room without webhook fail-over and time-out exists": roomThat((room) =>
    room.webhook_event_failover_url === null &&
    room.webhook_timeout_secs === null
  ),
  "a room with an active session and people in it exists": (room) =>
    peopled(room, ({ active }) => active),
  "a room whose session has ended exists": (room) =>
    room.sessions?.every(({ ended_at, participants }) =>
        ended_at && participants?.every(({ left_at }) => left_at)
      )
      ? peopled(room, () => true)
      : undefined,
  "a room that never had a session exists": roomThat((room) =>
    !room.active_session_id && !room.sessions?.length
  ),
};

/** A v4 UUID that no room has. */
export const noRoom = "00000000-0000-4000-8000-000000000000";

const recordingThatIs =
  (status: "completed" | "processing"): Find<Account> =>
  async ({ fetchFn, token, baseUrl }) => {
    const opts = { baseUrl, status, pageSize: 1 };
    const { data: [recording] } = await listRecordings(fetchFn, token, opts);
    return recording && { room_recording_id: recording.id };
  };

/** The other states of an account. */
const ofAccount: Record<string, Find<Account>> = {
  // Many stand-ins accept any API key
  "the token is unknown": async ({ fetchFn, baseUrl }) => {
    const opts = { baseUrl, pageSize: 1 };
    const isAccepted = await listRooms(fetchFn, "unknown", opts)
      .then(() => true, () => false);
    return isAccepted ? undefined : { room_id: noRoom };
  },
  "there is no such room": () => ({ room_id: noRoom }),
  "rooms exist": () => ({}),
  "more rooms exist than a page of one holds": async (
    { fetchFn, token, baseUrl },
  ) => {
    const { meta } = await listRooms(fetchFn, token, { baseUrl, pageSize: 1 });
    return meta.total_pages > 1 ? {} : undefined;
  },
  "a recording is ready": recordingThatIs("completed"),
  "a recording is being made": recordingThatIs("processing"),
  "a composition is ready": async ({ fetchFn, token, baseUrl }) => {
    const opts = { baseUrl, status: "completed" } as const;
    const { data } = await listCompositions(fetchFn, token, opts);
    const one = data.find(({ video_layout }) => {
      const regions = Object.values(video_layout ?? {});
      return regions.length > 0 &&
        regions.every((it) => it.width && it.height && it.video_sources);
    });
    return one && { room_composition_id: one.id };
  },
};

/** The most rooms that are looked at. */
const mostRooms = 25;

/** The rooms to look at, with their sessions. */
async function roomsOf(
  { fetchFn, token, roomId, baseUrl }: Account,
): Promise<Room[]> {
  const opts = { baseUrl, pageSize: mostRooms };
  const page = roomId === undefined
    ? (await listRooms(fetchFn, token, opts)).data
    : [{ id: roomId }];
  const rooms: Room[] = [];
  for (const { id } of page) {
    const opts = { baseUrl, includeSessions: true };
    rooms.push(await getRoom(fetchFn, token, id, opts));
  }
  return rooms;
}

/** Finds the states that an account is in, by reading only. */
export async function findStates(
  account: Account,
): Promise<Map<string, Given>> {
  const found = new Map<string, Given>();
  const look = async <T>(states: Record<string, Find<T>>, of: T) => {
    for (const [state, find] of Object.entries(states)) {
      const given = found.has(state) ? undefined : await find(of);
      if (given) found.set(state, given);
    }
  };
  for (const room of await roomsOf(account)) await look(ofRoom, room);
  await look(ofAccount, account);
  return found;
}

/** Makes a state, and returns its values. */
export type Make = (of: Account) => Promise<Given>;

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

const refreshable: Make = async (account) => {
  const { fetchFn, token, baseUrl } = account;
  const { room_id } = await newRoom(account);
  const opts = { baseUrl };
  const made = await createJoinToken(fetchFn, token, room_id, opts);
  return { room_id, refresh_token: made.refresh_token };
};

/** The states for requests that write, made by requests. */
export const madeByRequests: Record<string, Make> = {
  "no room has that name": () => Promise.resolve({ unique_name: newName() }),
  "a room has that name": newRoom,
  "a room with a name and webhooks exists": newRoom,
  "there is no such room": () => Promise.resolve({ room_id: noRoom }),
  "a refresh token was made for the room": refreshable,
};

/** Calls a control route of the fake. */
async function control(
  { fetchFn, baseUrl }: Account,
  path: string,
  body: object = {},
): Promise<Record<string, string>> {
  const url = new URL(`${controlPath}${path}`, baseUrl).href;
  const response = await fetchFn(url, {
    method: "POST",
    headers: { "content-type": "application/json", [controlHeader]: "1" },
    body: JSON.stringify(body),
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (response.status >= 300) throw new Error(`${path}: ${text}`);
  return JSON.parse(text);
}

/** Whether an account is of the fake, and its control routes can be used. */
export const hasControl = async (account: Account): Promise<boolean> =>
  account.baseUrl.startsWith("http:") && // Telnyx is not asked
  await control(account, "clock", { seconds: 0 })
    .then(() => true, () => false);

/** Adds a room with these fields. */
const withRoom = (fields: object): Make => async (account) => {
  const unique_name = newName();
  const room = { unique_name, enable_recording: true, ...fields };
  const { id = "" } = await control(account, "rooms", room);
  return { room_id: id, unique_name };
};

const inSession: Make = async (account) => {
  const given = await withRoom({})(account);
  const path = `rooms/${given.room_id}/join`;
  const { id = "", session_id = "" } = await control(account, path, {
    context: "Alice",
  });
  return { ...given, room_participant_id: id, room_session_id: session_id };
};

const ended: Make = async (account) => {
  const given = await inSession(account);
  await control(account, `participants/${given.room_participant_id}/leave`);
  return given;
};

/** The values of a session, and of an audio recording in it. */
async function withRecording(account: Account, given: Given): Promise<Given> {
  const { fetchFn, token, baseUrl } = account;
  const { data: [recording] } = await listRecordings(fetchFn, token, {
    baseUrl,
    sessionId: given.room_session_id,
    type: "audio",
  });
  return { ...given, room_recording_id: recording?.id ?? "" };
}

const recorded: Make = async (account) => {
  const given = await ended(account);
  await control(account, `rooms/${given.room_id}/complete`);
  return await withRecording(account, given);
};

const composed: Make = async (account) => {
  const { fetchFn, token, baseUrl } = account;
  const given = await recorded(account);
  const composition = { ...wholeMeeting, session_id: given.room_session_id };
  const { id } = await createComposition(fetchFn, token, composition, {
    baseUrl,
  });
  await control(account, `rooms/${given.room_id}/complete`);
  return { ...given, room_composition_id: id };
};

/** A room that was in use in April 2021, and the values of that. */
const inApril: Make = async (account) => {
  const [session, participant] = [crypto.randomUUID(), crypto.randomUUID()];
  const ended_at = "2021-04-16T10:24:55.962200Z";
  const given = await withRoom({
    created_at: "2021-04-16T09:46:20.954863Z",
    updated_at: ended_at,
    sessions: [{
      id: session,
      active: false,
      ended_at,
      participants: [{ id: participant, context: "Alice", left_at: ended_at }],
    }],
  })(account);
  return {
    ...given,
    room_session_id: session,
    room_participant_id: participant,
  };
};

/** More states, which the control routes of the fake can make. */
export const madeByControl: Record<string, Make> = {
  "a room that was made without a name exists": withRoom({ unique_name: null }),
  "a room without webhook fail-over and time-out exists": withRoom({
    webhook_event_failover_url: null,
    webhook_timeout_secs: null,
  }),
  "a room with an active session and people in it exists": inSession,
  "a room whose session has ended exists": ended,
  "a room whose session began and ended in April 2021 exists": inApril,
  "a room of that name was made and changed in April 2021": inApril,
  "a room that never had a session exists": withRoom({}),
  "rooms exist": withRoom({}),
  "more rooms exist than a page of one holds": async (account) => {
    await withRoom({})(account);
    return await withRoom({})(account);
  },
  "a recording is being made": async (account) =>
    await withRecording(account, await inSession(account)),
  "a recording is ready": recorded,
  "a composition is ready": composed,
  "the refresh token has expired": async (account) => {
    const given = await refreshable(account);
    await control(account, "clock", { seconds: 3600 });
    return given;
  },
};
