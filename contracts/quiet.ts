/** No usage data leaves: import it before pact-js. */
import process from "node:process";

process.env.PACT_DO_NOT_TRACK = "true";
