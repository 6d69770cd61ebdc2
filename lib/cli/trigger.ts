import { isRecord } from "../core/redact.ts";
import { eventNames, exampleEvent } from "../testing/example_events.ts";
import { fakeRooms, signWebhook } from "../testing/fake_rooms.ts";
import { command } from "./command.ts";
import {
  CommandError,
  exitCodes,
  permissionAdvice,
  unknownWord,
  usageError,
} from "./failure.ts";
import { toUrl } from "./parse.ts";
import { postWebhook } from "./post_webhooks.ts";
import { joinedByOr, writeLine } from "./text.ts";

/** A value as it is meant: JSON if it is, else text. */
function toValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Sets a field of an event: `payload.context=Ann`. */
function setField(event: object, setting: string): void {
  const at = setting.indexOf("=");
  const names = setting.slice(0, at).split(".");
  const last = names.pop() ?? "";
  const isUsable = at > 0 &&
    [...names, last].every((name) =>
      /^\w+$/.test(name) && name !== "__proto__"
    );
  if (!isUsable) {
    throw usageError("--set must be FIELD=VALUE, such as payload.context=Ann");
  }
  let target = event as Record<string, unknown>;
  for (const name of names) {
    const next = Object.hasOwn(target, name) ? target[name] : undefined;
    if (isRecord(next)) target = next;
    else target = target[name] = {};
  }
  target[last] = toValue(setting.slice(at + 1));
}

export const trigger = command({
  args: "<event>",
  about: "send a signed webhook to your receiver",
  more: [
    `The event is one of ${
      eventNames.join(", ")
    }. Its fields are made up but ` +
    "for those that --set gives. It is signed as the fake signs, whose public " +
    "key is printed.",
  ],
  options: {
    to: { value: "URL", about: "where to send it" },
    set: {
      value: "FIELD=VALUE",
      many: true,
      about: "a field to set, such as payload.context=Ann; can be repeated",
    },
  },
  examples: [
    [
      "telnyx-rooms trigger session.ended --to http://127.0.0.1:3000/",
      "tell your receiver that a session has ended",
    ],
  ],
  async run({ values, positionals: [name] }, context) {
    if (name === undefined) {
      throw usageError(`trigger takes ${joinedByOr([...eventNames])}`);
    }
    const event = exampleEvent(name);
    if (!event) throw unknownWord(name, "an event", eventNames);
    const { set = [] } = values;
    const to = toUrl("--to", values.to);
    for (const setting of set) setField(event, setting);

    const request = await signWebhook(event, { url: to, now: context.now() });
    const { publicKey } = fakeRooms();
    const body = await request.text();
    let status: number;
    try {
      status = await postWebhook(to, request, body, context);
    } catch (error) {
      if (context.stop.aborted || permissionAdvice(error)) throw error;
      throw new CommandError(
        `Cannot send the webhook: no response from ${to}`,
        exitCodes.network,
      );
    }
    const { stdout } = context;
    writeLine(`POST ${to} ${event.event_type} ${status}`, stdout);
    writeLine(`Signed; the public key is ${publicKey}`, stdout);
    if (status < 200 || status > 299) {
      throw new CommandError(
        `The receiver did not accept the webhook: it responded with ${status}`,
        exitCodes.failed,
      );
    }
  },
});
