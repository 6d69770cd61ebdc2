/** `cold.mjs CLIENT`: imports a client in a new process, and makes one call. */
import process from "node:process";

const make = (await import(`./clients/${process.argv[2]}.mjs`)).default;
const { id, stubs } = await import("./rooms.mjs");
const room = await make(stubs.text)(id);
process.exit(room.id === id ? 0 : 1);
