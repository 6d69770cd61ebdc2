/** pact-js, quiet; its version stands here alone. */
import "./quiet.ts";

export {
  MatchersV3,
  PactV4,
  Verifier,
} from "npm:@pact-foundation/pact@^17.1.4";
