/**
 * Records by their ids, the oldest first, which also finds those of one owner
 * without a look at the others: the sessions of a room, the participants of a
 * session. All ids are compared without regard to case.
 */
export class Records<T extends { id: string }> {
  readonly #all = new Map<string, T>();
  readonly #groups = new Map<string, Map<string, T>>();

  /** @param owner The field with the owner's id, if records have one. */
  constructor(readonly owner?: "room_id" | "session_id") {}

  get size(): number {
    return this.#all.size;
  }

  #ownerOf(record: T): string {
    return `${Reflect.get(record, `${this.owner}`)}`.toLowerCase();
  }

  get(id: string | null | undefined): T | undefined {
    return this.#all.get(`${id}`.toLowerCase());
  }

  /** The records of an owner, or all if it is undefined. */
  of(owner?: string): T[] {
    const records = owner === undefined
      ? this.#all
      : this.#groups.get(owner.toLowerCase());
    return [...records?.values() ?? []];
  }

  /** Adds a record, or replaces the one with its id. */
  put(record: T): T {
    const id = record.id.toLowerCase();
    const owner = this.#ownerOf(record);
    const before = this.#all.get(id);
    if (before && this.#ownerOf(before) !== owner) this.drop(before);
    const group = this.#groups.get(owner) ?? new Map<string, T>();
    this.#groups.set(owner, group.set(id, record));
    this.#all.set(id, record);
    return record;
  }

  /** Replaces a record by a copy with these changes. */
  change(record: T, changes: Partial<T>): T {
    return this.put({ ...record, ...changes });
  }

  drop(record: T): void {
    const id = record.id.toLowerCase();
    const owner = this.#ownerOf(record);
    const group = this.#groups.get(owner);
    group?.delete(id);
    if (group?.size === 0) this.#groups.delete(owner);
    this.#all.delete(id);
  }

  clear(): void {
    this.#groups.clear();
    this.#all.clear();
  }
}
