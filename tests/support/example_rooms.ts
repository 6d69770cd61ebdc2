import type { Room, RoomParticipant } from "../../mod.ts";
import { example, id } from "./example.ts";

const { created_at, updated_at, active_session_id: session_id } = example.data;
const began = "2021-04-15T08:00:00.000000Z";
const ended = "2021-04-15T09:12:30.500000Z";

/** A participant, whose id is that of the room but for its end. */
const person = (
  end: string,
  context: string,
  joined_at: string,
  left_at?: string,
): RoomParticipant => ({
  id: id.replace(/..$/, end),
  session_id,
  context,
  joined_at,
  updated_at: left_at ?? joined_at,
  ...left_at && { left_at },
  record_type: "room_participant",
});
const inEarlier = { session_id: id.replace(/..$/, "75") };

/** The room of the reference page, with an earlier session and more people. */
export const exampleRooms: readonly [Room] = [{
  ...example.data,
  video_codecs: ["h264", "vp8"],
  sessions: [
    {
      id: session_id,
      room_id: id,
      active: true,
      created_at,
      updated_at,
      record_type: "room_session",
      participants: [
        person("76", "Alice", created_at),
        person("77", "Bob", "2021-04-16T10:01:07.120004Z", updated_at),
      ],
    },
    {
      id: inEarlier.session_id,
      room_id: id,
      active: false,
      created_at: began,
      updated_at: ended,
      ended_at: ended,
      participants: [{ ...person("78", "Carol", began, ended), ...inEarlier }],
      record_type: "room_session",
    },
  ],
}];
