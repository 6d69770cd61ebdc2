// Made by `deno task tool scripts/page.ts` from `page/`: do not edit.

/** The files of the page, by their names. */
export const files = { "index.html": "" } as const;
