import type { RoomParticipant } from "../core/participants.ts";
import type { Room } from "../core/rooms.ts";

export const roomId = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
export const sessionId = "7b61621f-62e0-4aad-ab11-9fd19e272e74";
const earlierId = "7b61621f-62e0-4aad-ab11-9fd19e272e75";

const created_at = "2021-04-16T09:46:20.954863Z";
const updated_at = "2021-04-16T10:24:55.962200Z";
const began = "2021-04-15T08:00:00.000000Z";
const ended = "2021-04-15T09:12:30.500000Z";

function participant(
  id: string,
  session_id: string,
  context: string,
  joined_at: string,
  left_at?: string,
): RoomParticipant {
  return {
    id,
    session_id,
    context,
    joined_at,
    updated_at: left_at ?? joined_at,
    ...left_at && { left_at },
    record_type: "room_participant",
  };
}

/**
 * The room on Telnyx's reference page, *View a room*, with an earlier
 * session and more participants.
 */
export const exampleRooms: readonly [Room] = [{
  id: roomId,
  max_participants: 50,
  unique_name: "My Room",
  created_at,
  updated_at,
  active_session_id: sessionId,
  enable_recording: true,
  webhook_event_failover_url: "https://failover.example.com",
  webhook_timeout_secs: 25,
  webhook_event_url: "https://www.example.com",
  video_codecs: ["h264", "vp8"],
  sessions: [
    {
      id: sessionId,
      room_id: roomId,
      active: true,
      created_at,
      updated_at,
      participants: [
        participant(
          "7b61621f-62e0-4aad-ab11-9fd19e272e76",
          sessionId,
          "Alice",
          created_at,
        ),
        participant(
          "7b61621f-62e0-4aad-ab11-9fd19e272e77",
          sessionId,
          "Bob",
          "2021-04-16T10:01:07.120004Z",
          updated_at,
        ),
      ],
      record_type: "room_session",
    },
    {
      id: earlierId,
      room_id: roomId,
      active: false,
      created_at: began,
      updated_at: ended,
      ended_at: ended,
      participants: [
        participant(
          "7b61621f-62e0-4aad-ab11-9fd19e272e78",
          earlierId,
          "Carol",
          began,
          ended,
        ),
      ],
      record_type: "room_session",
    },
  ],
  record_type: "room",
}];
