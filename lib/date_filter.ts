import { day } from "./arguments.ts";
import { type Decoder, object } from "./decode.ts";

/**
 * Days that a date has to lie on or between, as `YYYY-MM-DD`; what is left out
 * limits nothing. In which time zone a day begins is not documented.
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

/** The bounds of a filter as fields of a query: `name[gte]`. */
export function toBounds(name: string, filter: unknown): [string, unknown][] {
  return ["eq", "gte", "lte"]
    .map((bound): [string, unknown] => [
      `${name}[${bound}]`,
      Object(filter)[bound],
    ])
    .filter(([, value]) => value !== undefined);
}
