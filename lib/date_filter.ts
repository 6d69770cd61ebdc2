// Filters by date, and how they are sent.
import { day } from "./arguments.ts";
import { type Decoder, object } from "./decode.ts";

/**
 * A range of days, as `YYYY-MM-DD`; each bound is optional. The time zone of
 * the days is not documented.
 */
export interface DateFilter {
  /** That day. */
  eq?: string | undefined;
  /** That day or later. */
  gte?: string | undefined;
  /** That day or earlier. */
  lte?: string | undefined;
}

/** The shape of a {@linkcode DateFilter}. */
export const dateFilter: Decoder<DateFilter> = /* @__PURE__ */ object<
  DateFilter
>({
  eq: [day, "optional"],
  gte: [day, "optional"],
  lte: [day, "optional"],
});

/** Turns the bounds of a filter into query parameters: `name[gte]`. */
export function toBounds(name: string, filter: unknown): [string, unknown][] {
  return ["eq", "gte", "lte"]
    .map((bound): [string, unknown] => [
      `${name}[${bound}]`,
      Object(filter)[bound],
    ])
    .filter(([, value]) => value !== undefined);
}
