/**
 * The Worker's entry, with the table in D1; set the key with `wrangler secret put
 * TELNYX_PUBLIC_KEY`.
 */
import { log, webhook } from "./handler.ts";
import { drain, type EventStore, sql } from "./store.ts";

/** The part of a D1 database that this needs. */
interface Database {
  prepare(sql: string): Statement;
  batch(statements: Statement[]): Promise<unknown>;
}

interface Statement {
  bind(...values: string[]): Statement;
  all(): Promise<{ results: { event: string }[] }>;
}

interface Env {
  TELNYX_PUBLIC_KEY?: string;
  DB: Database;
}

interface Context {
  waitUntil(done: Promise<unknown>): void;
}

/** The table of events in D1, which is made when it is first used. */
function openD1(database: Database): EventStore {
  const create = database.prepare(sql.create);
  return {
    async add(event) {
      const add = database.prepare(sql.add);
      const values = [event.id, JSON.stringify(event)];
      await database.batch([create, add.bind(...values)]);
    },
    async waiting() {
      const { results } = await database.prepare(sql.waiting).all();
      return results.map(({ event }) => JSON.parse(event));
    },
    async done(id) {
      await database.batch([database.prepare(sql.done).bind(id)]);
    },
  };
}

export default {
  async fetch(
    request: Request,
    { DB, TELNYX_PUBLIC_KEY: publicKey = "" }: Env,
    context: Context,
  ): Promise<Response> {
    const store = openD1(DB);
    const response = await webhook(request, { publicKey, store: store.add });
    if (response.ok) context.waitUntil(drain(store, log));
    return response;
  },

  /** Each minute (`triggers` in wrangler.jsonc): what failed is tried again. */
  async scheduled(_event: unknown, { DB }: Env): Promise<void> {
    await DB.batch([DB.prepare(sql.create)]);
    await drain(openD1(DB), log);
  },
};
