/** Disables the usage data of pact-js: import it first. */
import process from "node:process";

process.env.PACT_DO_NOT_TRACK = "true";
