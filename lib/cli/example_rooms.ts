import type { Room } from "../rooms.ts";

/**
 * The room of the provider's reference page, *View a room*, with a second
 * session and people added so that there is something to see.
 */
export const exampleRooms: readonly [Room] = [{
  id: "7b61621f-62e0-4aad-ab11-9fd19e272e73",
  max_participants: 50,
  unique_name: "My Room",
  created_at: "2021-04-16T09:46:20.954863Z",
  updated_at: "2021-04-16T10:24:55.962200Z",
  active_session_id: "7b61621f-62e0-4aad-ab11-9fd19e272e74",
  enable_recording: true,
  webhook_event_failover_url: "https://failover.example.com",
  webhook_timeout_secs: 25,
  webhook_event_url: "https://www.example.com",
  video_codecs: ["h264", "vp8"],
  sessions: [
    {
      id: "7b61621f-62e0-4aad-ab11-9fd19e272e74",
      room_id: "7b61621f-62e0-4aad-ab11-9fd19e272e73",
      active: true,
      created_at: "2021-04-16T09:46:20.954863Z",
      updated_at: "2021-04-16T10:24:55.962200Z",
      participants: [
        {
          id: "7b61621f-62e0-4aad-ab11-9fd19e272e76",
          session_id: "7b61621f-62e0-4aad-ab11-9fd19e272e74",
          context: "Alice",
          joined_at: "2021-04-16T09:46:20.954863Z",
          updated_at: "2021-04-16T09:46:20.954863Z",
          record_type: "room_participant",
        },
        {
          id: "7b61621f-62e0-4aad-ab11-9fd19e272e77",
          session_id: "7b61621f-62e0-4aad-ab11-9fd19e272e74",
          context: "Bob",
          joined_at: "2021-04-16T10:01:07.120004Z",
          updated_at: "2021-04-16T10:24:55.962200Z",
          left_at: "2021-04-16T10:24:55.962200Z",
          record_type: "room_participant",
        },
      ],
      record_type: "room_session",
    },
    {
      id: "7b61621f-62e0-4aad-ab11-9fd19e272e75",
      room_id: "7b61621f-62e0-4aad-ab11-9fd19e272e73",
      active: false,
      created_at: "2021-04-15T08:00:00.000000Z",
      updated_at: "2021-04-15T09:12:30.500000Z",
      ended_at: "2021-04-15T09:12:30.500000Z",
      participants: [
        {
          id: "7b61621f-62e0-4aad-ab11-9fd19e272e78",
          session_id: "7b61621f-62e0-4aad-ab11-9fd19e272e75",
          context: "Carol",
          joined_at: "2021-04-15T08:00:00.000000Z",
          updated_at: "2021-04-15T09:12:30.500000Z",
          left_at: "2021-04-15T09:12:30.500000Z",
          record_type: "room_participant",
        },
      ],
      record_type: "room_session",
    },
  ],
  record_type: "room",
}];
