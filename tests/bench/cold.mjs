/**
 * `cold.mjs CLIENT BASE_URL`: imports a client in a new process, and makes one
 * call.
 */
import process from "node:process";

const [client, baseUrl] = process.argv.slice(2);
const make = (await import(`./clients/${client}.mjs`)).default;
const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
const room = await make(fetch, baseUrl)(id);
process.exit(room.id === id ? 0 : 1);
