// The kinds of options that several commands have.

/** An option with a value, and the option or field that it sets. */
export const option = (
  value: string,
  sets: string,
  about: string,
  parse?: (text: string) => unknown,
) => ({ value, sets, about, ...parse && { parse } });

/** Converts a value to a number; an empty one is none. */
export const toNumber = (text: string) =>
  text.trim() === "" ? NaN : Number(text);

/** A filter by the id of what the records belong to. */
export const idOf = (resource: string) =>
  option("ID", `${resource}Id`, `only those of this ${resource}`);

/** A filter by the room, which has an id or a name. */
export const room = {
  ...option("ROOM", "roomId", "only those of this room, by its id or name"),
  room: true,
} as const;

/** Filters by the day of a time. */
export const days = (field: string, verb: string) => ({
  since: option("YYYY-MM-DD", `${field}.gte`, `${verb} on this day or later`),
  until: option("YYYY-MM-DD", `${field}.lte`, `${verb} on this day or earlier`),
});
