/** pact-js, without usage data. Its version is only here. */
import process from "node:process";

process.env.PACT_DO_NOT_TRACK = "true"; // before it is loaded

export const { MatchersV3, PactV4, providerWithMetadata, Verifier } =
  await import("npm:@pact-foundation/pact@^17.1.4");
