// A list that keeps the newest of what it gets.

/** How many characters are kept in all. */
const maxCharacters = 16_777_216;

/** Keeps the newest items: so many of them, and so many characters in all. */
export class Newest<T> {
  /** What is kept, the oldest first. */
  readonly items: T[] = [];
  #characters = 0;

  constructor(
    private readonly maxItems: number,
    private readonly charactersOf: (item: T) => number,
  ) {}

  /** Adds an item, whatever its size, and forgets the oldest ones. */
  add(item: T): void {
    const { items } = this;
    items.push(item);
    this.#characters += this.charactersOf(item);
    while (
      items.length > this.maxItems ||
      (this.#characters > maxCharacters && items.length > 1)
    ) {
      const oldest = items.shift();
      if (oldest !== undefined) this.#characters -= this.charactersOf(oldest);
    }
  }

  clear(): void {
    this.items.length = 0;
    this.#characters = 0;
  }
}
