import {
  endSessionOperation,
  getSessionOperation,
  kickParticipantsOperation,
  listSessionsOperation,
  muteParticipantsOperation,
  unmuteParticipantsOperation,
} from "../../lib/core/mod.ts";
import {
  began,
  changed,
  done,
  errors,
  firstPage,
  given,
  type Interaction,
  pageLike,
  roomId,
  sessionId,
} from "../interaction.ts";
import { examples } from "../names.ts";
import { MatchersV3 } from "../pact.ts";

const { boolean, eachLike, like } = MatchersV3;

const inSession = "a room with an active session and people in it exists";
const afterwards = "a room whose session has ended exists";

export const sessions: Interaction[] = [
  {
    operation: getSessionOperation,
    state: inSession,
    description: "a request for the session",
    body: {
      data: {
        id: sessionId,
        room_id: roomId,
        active: boolean(true),
        created_at: began,
        updated_at: changed,
      },
    },
  },
  {
    operation: getSessionOperation,
    state: afterwards,
    description: "a request for the session with its participants",
    opts: { includeParticipants: true },
    query: { include_participants: "true" },
    body: {
      data: like({
        id: examples.room_session_id,
        active: false,
        ended_at: changed,
        participants: eachLike({
          id: examples.room_participant_id,
          left_at: changed,
        }),
      }),
    },
  },
  {
    operation: listSessionsOperation,
    state: inSession,
    description: "a request for the sessions",
    ...firstPage,
    body: pageLike({ id: examples.room_session_id }),
  },
  {
    operation: listSessionsOperation,
    state: "a room whose session began and ended in April 2021 exists",
    description: "a request for the room's sessions by days, with participants",
    opts: {
      includeParticipants: true,
      roomId: examples.room_id,
      active: false,
      createdAt: { gte: "2021-04-01" },
      updatedAt: { lte: "2021-04-30" },
      endedAt: { eq: "2021-04-16" },
    },
    query: {
      "include_participants": "true",
      "filter[room_id]": given.room_id,
      "filter[active]": "false",
      "filter[date_created_at][gte]": "2021-04-01",
      "filter[date_updated_at][lte]": "2021-04-30",
      "filter[date_ended_at][eq]": "2021-04-16",
    },
    body: pageLike({
      id: examples.room_session_id,
      participants: eachLike({ id: examples.room_participant_id }),
    }),
  },
  {
    operation: endSessionOperation,
    state: inSession,
    description: "a request to end the session",
    body: done,
  },
  {
    operation: endSessionOperation,
    state: afterwards,
    description: "a request to end the session",
    status: 422,
    body: errors("10027", "Unprocessable Entity"),
  },
  {
    operation: muteParticipantsOperation,
    state: inSession,
    description: "a request to mute everyone but one",
    opts: { exclude: [examples.room_participant_id] },
    payload: "all",
    sent: { participants: "all", exclude: [given.room_participant_id] },
    body: done,
  },
  ...([
    ["unmute", unmuteParticipantsOperation],
    ["kick", kickParticipantsOperation],
  ] as const).map(([verb, operation]) => ({
    operation,
    state: inSession,
    description: `a request to ${verb} a participant`,
    payload: [examples.room_participant_id],
    sent: { participants: [given.room_participant_id] },
    body: done,
  })),
];
