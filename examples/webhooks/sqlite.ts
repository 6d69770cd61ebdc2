/** The table of events in a SQLite file, on Deno, Node and Bun. */
import { DatabaseSync } from "node:sqlite";
import { type EventStore, sql } from "./store.ts";

/** Opens the file, which is made if there is none; `:memory:` for no file. */
export function openSqlite(file: string): EventStore {
  const database = new DatabaseSync(file);
  database.exec(sql.create);
  const [add, waiting, done] = [sql.add, sql.waiting, sql.done]
    .map((text) => database.prepare(text));
  return {
    add(event) {
      add?.run(event.id, JSON.stringify(event));
    },
    waiting() {
      return (waiting?.all() ?? []).map(({ event }) => JSON.parse(`${event}`));
    },
    done(id) {
      done?.run(id);
    },
  };
}
