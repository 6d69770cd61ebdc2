import { checkArgument } from "./arguments.ts";
import type { Decoder } from "./decode.ts";
import type { Body } from "./operation.ts";

/**
 * Makes the JSON body of an operation: the payload, or an object with the
 * payload in one field, together with the options.
 *
 * @param name The payload's name in errors; omitted if there is no payload.
 * @param decoder The decoder of the payload.
 * @param field The body's field for the payload. Default: the payload is the
 * body.
 *
 * @example
 * ```ts
 * import { jsonBody } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * const body = jsonBody<string>("name", undefined, "unique_name");
 * assertEquals(body.toText({}, "Standup"), '{"unique_name":"Standup"}');
 * ```
 */
export function jsonBody<Payload>(
  name?: string,
  decoder?: Decoder<Payload>,
  field?: string,
): Body<Payload> {
  return {
    headers: { "content-type": "application/json" },
    ...decoder && { decoder: decoder as never },
    ...field && { field },
    toText(options: Record<string, unknown>, payload: unknown) {
      if (decoder) checkArgument(name as string, decoder, payload);
      const fields = field ? { [field]: payload } : payload as object;
      return JSON.stringify({ ...fields, ...options });
    },
  };
}
