/** The module and `./node`, for programs on Node that import one file. */
export * from "../../mod.ts";
export * from "../../lib/client/node.ts";
