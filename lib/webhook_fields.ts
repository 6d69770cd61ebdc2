// The webhook settings of a room or composition, and their checks.
import { inRange, webUrl } from "./arguments.ts";
import { type Shape, where } from "./decode.ts";

/** The webhook settings of a new room or composition. */
export interface WebhookFields {
  /** Where webhooks go: an `http` or `https` URL. Default: nowhere. */
  webhook_event_url?: string | undefined;
  /**
   * Where webhooks go when `webhook_event_url` fails: an `http` or `https` URL;
   * `""` or null for nowhere. Default: `""`.
   */
  webhook_event_failover_url?: string | null | undefined;
  /** Seconds to wait for a webhook's receiver, 0 to 30. Default: null. */
  webhook_timeout_secs?: number | null | undefined;
}

const failoverUrl = /* @__PURE__ */ where<string>(
  `an http(s) URL, or ""`,
  (value) => value === "" || !webUrl(value),
);

/** Adds the {@linkcode WebhookFields} to a shape. */
export function withWebhooks<T extends WebhookFields>(
  shape: Omit<Shape<T>, keyof WebhookFields>,
): Shape<T> {
  return {
    ...shape,
    webhook_event_url: [webUrl, "optional"],
    webhook_event_failover_url: failoverUrl,
    webhook_timeout_secs: inRange("integer", 0, 30),
  } as unknown as Shape<T>;
}
