import * as core from "../core/mod.ts";
import { badField } from "./refusal.ts";
import {
  existing,
  fieldsOf,
  list,
  lookUp,
  type Route,
  route,
  webhookNames,
} from "./route.ts";
import { bareRoom } from "./seed.ts";
import { removeRoom } from "./sessions.ts";
import { type RoomRecord, roomView, type State, timestamp } from "./state.ts";

/** The fields that a payload sets; throws if another room has the name. */
function checkedFields(
  { rooms }: State,
  payload: core.RoomFields,
  own?: RoomRecord,
): Partial<RoomRecord> {
  const { unique_name } = payload;
  const isTaken = unique_name !== undefined &&
    rooms.of().some((room) =>
      room.unique_name === unique_name && room.id !== own?.id
    );
  if (isTaken) throw badField("/unique_name", "has been taken");
  return fieldsOf(payload, [
    "unique_name",
    "max_participants",
    "enable_recording",
    ...webhookNames,
  ]);
}

const room = {
  of: ({ rooms }: State) => rooms,
  view: (state: State, room: RoomRecord, opts: core.GetRoomOptions) =>
    roomView(state, room, opts.includeSessions),
};

export const rooms: Route[] = [
  lookUp(core.getRoomOperation, room),
  list(core.listRoomsOperation, room),
  route(core.createRoomOperation, (state, { payload }) => {
    const fields = checkedFields(state, payload);
    const at = timestamp(state.now());
    const room = state.rooms.put({
      id: state.newId(),
      unique_name: null,
      max_participants: 10,
      ...bareRoom,
      created_at: at,
      updated_at: at,
      ...fields,
    });
    return { data: roomView(state, room, false) };
  }),
  route(core.updateRoomOperation, (state, { ids, payload }) => {
    const room = existing(state.rooms, ids.id);
    const changed = state.rooms.change(room, {
      ...checkedFields(state, payload, room),
      updated_at: timestamp(state.now()),
    });
    return { data: roomView(state, changed, false) };
  }),
  route(core.deleteRoomOperation, (state, { ids }) => {
    removeRoom(state, existing(state.rooms, ids.id));
    return undefined;
  }),
];
