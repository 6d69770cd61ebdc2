/** What the programs of the matrix have in common. */
import process from "node:process";
import {
  createRoom,
  deleteRoom,
  getRoom,
  listRooms,
  updateRoom,
} from "@videorooms/telnyx";

export const { ROOMS_URL: baseUrl = "", ROOM_ID: id = "" } = process.env;

/** What came of it: `name`, or what the error says to programs. */
const tell = (name, promise) =>
  promise.then(
    () => name,
    ({ code, status, argument, attempts }) =>
      [code ?? status, argument && `${argument}, attempt ${attempts}`]
        .filter(Boolean).join(": "),
  );

/** Has a client do five things, and tells what came of each; once, if alike. */
export async function outcomes({ get, list, create, remove }) {
  const told = [await tell("got", get(id)), await tell("listed", list())];
  let made = "";
  told.push(await tell("created", create().then((room) => made = room.id)));
  told.push(await tell("deleted", made ? remove(made) : create()));
  told.push(await tell("got", get(made || id)));
  return [...new Set(told)].join(", ");
}

/** The same of this module, with a `fetchFn`. */
export function calls(fetchFn, opts = { baseUrl }) {
  const unique_name = `room-${Date.now()}`;
  return outcomes({
    get: (id) => getRoom(fetchFn, "KEY", id, opts),
    list: () => listRooms(fetchFn, "KEY", opts),
    create: () => createRoom(fetchFn, "KEY", { unique_name }, opts),
    remove: (id) => deleteRoom(fetchFn, "KEY", id, opts),
  });
}

/** Gives the room of the server another name. */
export const rename = (unique_name) =>
  updateRoom(fetch, "KEY", id, { unique_name }, { baseUrl });
