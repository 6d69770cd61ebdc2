/** Signs webhooks as the provider does, with Node's implementation. */
import { createPrivateKey, sign as signBytes } from "node:crypto";
import { Buffer } from "node:buffer";

/** The private key of a seed, through the DER that Node reads. */
function privateKey(seed: string) {
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, "hex");
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

/** Two key pairs: the seeds of tests 1 and 2 in RFC 8032, section 7.1. */
const [seed, otherSeed] = [
  "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
  "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
] as const;
export const publicKey = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
export const otherPublicKey = "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";

/** The headers of a webhook. */
export interface SignedHeaders {
  "telnyx-timestamp": string;
  "telnyx-signature-ed25519": string;
}

/** Signs a body as the provider does. */
export function sign(
  body: string | Uint8Array,
  timestamp: string,
  by: "key" | "other key" = "key",
): SignedHeaders {
  const data = Buffer.concat([Buffer.from(`${timestamp}|`), Buffer.from(body)]);
  const key = privateKey(by === "key" ? seed : otherSeed);
  return {
    "telnyx-timestamp": timestamp,
    "telnyx-signature-ed25519": signBytes(null, data, key).toString("base64"),
  };
}

export { webhook as vector } from "../runtimes/cases.js";
