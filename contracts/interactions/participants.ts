import {
  getParticipantOperation,
  listParticipantsOperation,
} from "../../lib/core/mod.ts";
import {
  began,
  changed,
  firstPage,
  given,
  type Interaction,
  pageLike,
  participantId,
  sessionId,
} from "../interaction.ts";
import { examples } from "../names.ts";
import { MatchersV3 } from "../pact.ts";

const { like, string } = MatchersV3;

export const participants: Interaction[] = [
  {
    operation: getParticipantOperation,
    state: "a room with an active session and people in it exists",
    description: "a request for the participant",
    body: {
      data: {
        id: participantId,
        session_id: sessionId,
        context: string("Alice"),
        joined_at: began,
        updated_at: changed,
      },
    },
  },
  {
    operation: getParticipantOperation,
    state: "a room whose session has ended exists",
    description: "a request for the participant",
    body: {
      data: like({ id: examples.room_participant_id, left_at: changed }),
    },
  },
  {
    operation: listParticipantsOperation,
    state: "a room with an active session and people in it exists",
    description: "a request for the participants",
    ...firstPage,
    body: pageLike({ id: examples.room_participant_id }),
  },
  {
    operation: listParticipantsOperation,
    state: "a room whose session began and ended in April 2021 exists",
    description: "a request for the session's participants by name and days",
    opts: {
      sessionId: examples.room_session_id,
      context: "Alice",
      joinedAt: { gte: "2021-04-01" },
      updatedAt: { lte: "2021-04-30" },
      leftAt: { eq: "2021-04-16" },
    },
    query: {
      "filter[session_id]": given.room_session_id,
      "filter[context]": "Alice",
      "filter[date_joined_at][gte]": "2021-04-01",
      "filter[date_updated_at][lte]": "2021-04-30",
      "filter[date_left_at][eq]": "2021-04-16",
    },
    body: pageLike({ id: examples.room_participant_id }),
  },
];
