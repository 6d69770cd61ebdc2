import { createComposition } from "../client/compositions.ts";
import { downloadComposition } from "../client/download.ts";
import { waitForComposition } from "../client/wait_for_composition.ts";
import { createCompositionOperation } from "../core/compositions.ts";
import { toRequest } from "../core/request.ts";
import { wholeMeeting } from "../core/whole_meeting.ts";
import { callOptions, printWaits, readToken, toJson } from "./calling.ts";
import type { Context } from "./context.ts";
import { printSaved, save } from "./download.ts";
import { usageError } from "./failure.ts";
import { parse, refuseMore } from "./parse.ts";
import { fields } from "./table.ts";
import { printable } from "./text.ts";
import { toViewOptions } from "./view.ts";

/** How long a composition may take, in milliseconds. */
const maxWaitMs = 3_600_000;

/** `telnyx-rooms compose`: orders a session as one file, with everyone in it. */
export async function compose(args: string[], context: Context): Promise<void> {
  const { values, positionals: [session, ...more] } = parse("compose", args);
  refuseMore(more);
  if (session === undefined) throw usageError("compose takes <session>");
  const { output, wait, json } = values;
  const calling = callOptions(values, context);
  const composition = { ...wholeMeeting, session_id: session };
  toRequest(createCompositionOperation, "any", {}, calling, composition);
  const token = await readToken(values, context);
  const opts = { ...calling, onAttempt: printWaits(context) };
  const { fetch, stderr, stdout } = context;

  const ordered = await createComposition(fetch, token, composition, opts);
  const show = (record: object) =>
    stdout.write(
      json ? toJson(record) : fields(record, toViewOptions(context)),
    );
  if (!wait && output === undefined) return void show(ordered);

  if (stderr.isTTY) {
    stderr.write(
      printable(`Composing ${ordered.id}; Ctrl+C stops waiting`) + "\n",
    );
  }
  const ready = await waitForComposition(fetch, token, ordered.id, {
    ...calling,
    timeoutMs: maxWaitMs,
  });
  if (output === undefined) return void show(ready);
  const job = {
    id: ready.id,
    file: output,
    start: (opts: object) => downloadComposition(fetch, token, ready.id, opts),
  };
  printSaved([await save(job, opts, context)], Boolean(json), context);
}
