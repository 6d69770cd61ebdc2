/**
 * `cold.mjs CLIENT BASE_URL`: imports a client in a new process, and makes one
 * call.
 */
import process from "node:process";

const [client, baseUrl] = process.argv.slice(2);
const make = (await import(`./clients/${client}.mjs`)).default;
const { id } = await import("./rooms.mjs");
const room = await make(fetch, baseUrl)(id);
process.exit(room.id === id ? 0 : 1);
