import { isRecord } from "../core/redact.ts";
import type { FetchResponse } from "../client/fetch_fn.ts";
import { eventNames, exampleEvent } from "../testing/example_events.ts";
import { fakeRooms, signWebhook } from "../testing/fake_rooms.ts";
import type { Context } from "./context.ts";
import { CommandError, usageError } from "./failure.ts";
import { exitCodes } from "./manual.ts";
import { parse, refuseMore } from "./parse.ts";
import { permissionAdvice } from "./permission.ts";
import { oneOf, printable } from "./text.ts";

/** How long a receiver may take, in milliseconds. */
const timeoutMs = 10_000;

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

/** `telnyx-rooms trigger`: sends one signed webhook. */
export async function trigger(args: string[], context: Context): Promise<void> {
  const { values, positionals: [name, ...more] } = parse("trigger", args);
  refuseMore(more);
  const event = name === undefined ? undefined : exampleEvent(name);
  if (!event) throw usageError(`trigger needs ${oneOf([...eventNames])}`);
  const { to, set = [] } = values;
  if (to === undefined || !URL.canParse(to) || !/^https?:/i.test(to)) {
    throw usageError("--to must be a URL, such as http://127.0.0.1:3000/");
  }
  for (const setting of set) setField(event, setting);

  const request = await signWebhook(event, { url: to, now: context.now() });
  const { publicKey } = fakeRooms();
  let response: FetchResponse;
  try {
    response = await context.fetch(to, {
      method: "POST",
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
      redirect: "manual",
      signal: AbortSignal.any([context.stop, AbortSignal.timeout(timeoutMs)]),
    });
  } catch (error) {
    if (context.stop.aborted || permissionAdvice(error)) throw error;
    throw new CommandError(
      printable(`Cannot send the webhook: no response from ${to}`),
      exitCodes.network,
    );
  }
  await response.body?.getReader().cancel();
  const { status } = response;
  context.stdout.write(
    `POST ${printable(to)} ${event.event_type} ${status}\n` +
      `Signed; the public key is ${publicKey}\n`,
  );
  if (status < 200 || status > 299) {
    throw new CommandError(
      `The receiver did not accept the webhook: it responded with ${status}`,
      exitCodes.failed,
    );
  }
}
