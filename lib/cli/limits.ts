/** How many look-ups go on at once. */
export const concurrency = 4;

/** The fewest seconds from one look-up of `--watch` to the next. */
export const shortestWatch = 1;
