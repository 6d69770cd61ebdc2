import {
  createRoomOperation,
  deleteRoomOperation,
  getRoomOperation,
  listRoomsOperation,
  type RoomFields,
  updateRoomOperation,
} from "../core/rooms.ts";
import { matching, slicePage } from "./filters.ts";
import { badField } from "./refusal.ts";
import {
  existing,
  fieldsOf,
  type Route,
  route,
  webhookNames,
} from "./route.ts";
import { bareRoom } from "./seed.ts";
import { removeRoom } from "./sessions.ts";
import {
  change,
  put,
  recordsWhere,
  type RoomRecord,
  roomView,
  type State,
  timestamp,
} from "./state.ts";

/** The fields that a payload sets; throws if another room has the name. */
function checkedFields(
  { rooms }: State,
  payload: RoomFields,
  own?: RoomRecord,
): Partial<RoomRecord> {
  const { unique_name } = payload;
  const namesake = recordsWhere(
    rooms,
    (room) => room.unique_name === unique_name,
  )
    .find(({ id }) => id !== own?.id);
  if (unique_name !== undefined && namesake) {
    throw badField("/unique_name", "has been taken");
  }
  return fieldsOf(payload, [
    "unique_name",
    "max_participants",
    "enable_recording",
    ...webhookNames,
  ]);
}

export const rooms: Route[] = [
  route(getRoomOperation, (state, { ids, opts }) => {
    const room = existing(state.rooms, ids.id);
    return { data: roomView(state, room, opts.includeSessions) };
  }),
  route(listRoomsOperation, (state, { opts }) => {
    return slicePage(
      recordsWhere(state.rooms, matching(opts)),
      opts,
      (room) => roomView(state, room, opts.includeSessions),
    );
  }),
  route(createRoomOperation, (state, { payload }) => {
    const fields = checkedFields(state, payload);
    const at = timestamp(state.now());
    const room = put<RoomRecord>(state.rooms, {
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
  route(updateRoomOperation, (state, { ids, payload }) => {
    const room = existing(state.rooms, ids.id);
    const changed = change(state.rooms, room, {
      ...checkedFields(state, payload, room),
      updated_at: timestamp(state.now()),
    });
    return { data: roomView(state, changed, false) };
  }),
  route(deleteRoomOperation, (state, { ids }) => {
    removeRoom(state, existing(state.rooms, ids.id));
    return undefined;
  }),
];
