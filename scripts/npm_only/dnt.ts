/**
 * Stands in for `@deno/dnt` where JSR does not answer: `deno pack` builds the
 * package there.
 */
export function build(_options: object): Promise<void> {
  throw new Error("dnt comes from JSR, which does not answer");
}
