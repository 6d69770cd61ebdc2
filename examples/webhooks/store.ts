/** Where events wait for their work, and the SQL of it, for any SQLite. */
import type { RoomEvent } from "@videorooms/telnyx";

/** A table of events: stored before a webhook is answered, done afterwards. */
export interface EventStore {
  /** Stores an event, once: Telnyx may deliver it twice. */
  add(event: RoomEvent): Promise<void> | void;
  /** The oldest events whose work is not done. */
  waiting(): Promise<RoomEvent[]> | RoomEvent[];
  /** Remembers that the work on an event is done. */
  done(id: string): Promise<void> | void;
}

// In Postgres, with $1 and $2 in place of the question marks, the same. If several
// workers drain the table, add FOR UPDATE SKIP LOCKED to the SELECT, and keep its
// transaction open until the work is done
export const sql = {
  create: `CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    received_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    done_at TEXT
  )`,
  add: "INSERT INTO events (id, event) VALUES (?, ?) ON CONFLICT DO NOTHING",
  waiting: `SELECT event FROM events WHERE done_at IS NULL
    ORDER BY received_at, id LIMIT 100`,
  done: "UPDATE events SET done_at = CURRENT_TIMESTAMP WHERE id = ?",
};

/**
 * Does the work on the events that wait. One that fails stays, and is tried again
 * by the next call; so is one whose process ends in the middle of its work.
 */
export async function drain(
  store: EventStore,
  work: (event: RoomEvent) => unknown,
): Promise<void> {
  for (const event of await store.waiting()) {
    try {
      await work(event);
      await store.done(event.id);
    } catch (error) {
      console.error(`The work on event ${event.id} failed:`, error);
    }
  }
}
