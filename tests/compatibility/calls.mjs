/** What the programs of the matrix have in common. */
import process from "node:process";
import * as rooms from "@videorooms/telnyx";

export const { ROOMS_URL: baseUrl = "", ROOM_ID: id = "" } = process.env;

/** What came of it: `name`, or what the error says to programs. */
const tell = (name, promise) =>
  promise.then(() => name, ({ code, argument, attempts }) => {
    return argument ? `${code}: ${argument}, attempt ${attempts}` : code;
  });

/** Has a client do five things, and tells what came of each; once, if alike. */
export async function outcomes({ get, list, create, remove }) {
  let made = id;
  const told = [
    await tell("got", get(id)),
    await tell("listed", list()),
    await tell("created", create().then((room) => made = room.id)),
    await tell("deleted", remove(made)),
    await tell("got", get(made)),
  ];
  return [...new Set(told)].join(", ");
}

/** The same of this module, with a `fetchFn`. */
export const calls = (fetchFn, opts = { baseUrl }) =>
  outcomes({
    get: (id) => rooms.getRoom(fetchFn, "KEY", id, opts),
    list: () => rooms.listRooms(fetchFn, "KEY", opts),
    create: () => rooms.createRoom(fetchFn, "KEY", {}, opts),
    remove: (id) => rooms.deleteRoom(fetchFn, "KEY", id, opts),
  });
