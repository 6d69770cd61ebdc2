/**
 * Records by their ids, which also finds those of one owner without a look at
 * the others: the sessions of a room, the participants of a session. All ids are
 * compared without regard to case.
 */
export class Grouped<T> extends Map<string, T> {
  readonly #groups = new Map<string, Map<string, T>>();
  readonly #ownerOf: (record: T) => string;

  constructor(ownerOf: (record: T) => string) {
    super();
    this.#ownerOf = (record) => ownerOf(record).toLowerCase();
  }

  /** The records of an owner, in the order of adding. */
  of(owner: string): T[] {
    return [...this.#groups.get(owner.toLowerCase())?.values() ?? []];
  }

  override set(id: string, record: T): this {
    const owner = this.#ownerOf(record);
    const before = this.get(id);
    if (before !== undefined && this.#ownerOf(before) !== owner) {
      this.delete(id);
    }
    const group = this.#groups.get(owner) ?? new Map<string, T>();
    this.#groups.set(owner, group.set(id, record));
    return super.set(id, record);
  }

  override delete(id: string): boolean {
    const record = this.get(id);
    if (record === undefined) return false;
    const owner = this.#ownerOf(record);
    const group = this.#groups.get(owner);
    group?.delete(id);
    if (group?.size === 0) this.#groups.delete(owner);
    return super.delete(id);
  }

  override clear(): void {
    this.#groups.clear();
    super.clear();
  }
}
