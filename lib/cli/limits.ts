/** How many look-ups go on at once. */
export const concurrency = 4;
