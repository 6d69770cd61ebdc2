/** pact-js, without usage data. Its version is only here. */
import "./quiet.ts";

export {
  MatchersV3,
  PactV4,
  providerWithMetadata,
  Verifier,
} from "npm:@pact-foundation/pact@^17.1.4";
