/** The calls that every program of the matrix makes. */
import process from "node:process";
import * as rooms from "@videorooms/telnyx";

export const { TELNYX_BASE_URL: baseUrl = "", ROOM_ID: id = "" } = process.env;

/** The outcome of a call: `name`, or the code of the error. */
const outcome = (name, promise) =>
  promise.then(() => name, ({ code, argument, attempts }) => {
    return argument ? `${code}: ${argument}, attempt ${attempts}` : code;
  });

/** Makes five calls with a client; returns their distinct outcomes. */
export async function outcomes({ get, list, create, remove }) {
  let made = id;
  const results = [
    await outcome("got", get(id)),
    await outcome("listed", list()),
    await outcome("created", create().then((room) => made = room.id)),
    await outcome("deleted", remove(made)),
    await outcome("got", get(made)),
  ];
  return [...new Set(results)].join(", ");
}

/** The same with this module and a `fetchFn`. */
export const calls = (fetchFn, opts = { baseUrl }) =>
  outcomes({
    get: (id) => rooms.getRoom(fetchFn, "KEY", id, opts),
    list: () => rooms.listRooms(fetchFn, "KEY", opts),
    create: () => rooms.createRoom(fetchFn, "KEY", {}, opts),
    remove: (id) => rooms.deleteRoom(fetchFn, "KEY", id, opts),
  });
