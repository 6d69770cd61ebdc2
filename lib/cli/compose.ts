import { createComposition } from "../client/compositions.ts";
import { downloadComposition } from "../client/download.ts";
import { waitForComposition } from "../client/wait_for_composition.ts";
import {
  createCompositionOperation,
  type RoomComposition,
} from "../core/compositions.ts";
import { toRequest } from "../core/request.ts";
import { wholeMeeting } from "../core/whole_meeting.ts";
import { callingOptions, readApiKey, toCallOptions } from "./calling.ts";
import { command, sessionId } from "./command.ts";
import { curlOf, curlOption } from "./curl.ts";
import { checkFree, printSaved, save } from "./download.ts";
import { usageError } from "./failure.ts";
import { refuseMore } from "./parse.ts";
import { compositionView } from "./recordings.ts";
import { printable, writeLine } from "./text.ts";
import { toJson, toViewOptions } from "./view.ts";

/** How long a composition may take, in milliseconds. */
const maxWaitMs = 3_600_000;

/** `telnyx-rooms compose`: orders a session as one file, with everyone in it. */
export const compose = command({
  args: "<session>",
  about: "order a session as one file: everyone, with sound",
  more: [
    "Telnyx makes the file from the recordings of the session, so they have to " +
    "be completed. --output waits, and saves it.",
  ],
  options: {
    wait: { about: "wait until the file can be downloaded" },
    output: {
      value: "FILE",
      short: "o",
      file: true,
      about: "wait, and save it as this file",
    },
    ...callingOptions,
    ...curlOption,
  },
  examples: [
    [
      `telnyx-rooms compose ${sessionId} -o meeting.mp4`,
      "save a meeting as one MP4",
    ],
  ],
  async run({ values, positionals: [session, ...more] }, context) {
    refuseMore(more);
    if (session === undefined) throw usageError("compose takes <session>");
    const { output, wait, json } = values;
    const calling = toCallOptions(values, context);
    const composition = { ...wholeMeeting, session_id: session };
    toRequest(createCompositionOperation, "any", {}, calling, composition);
    if (values.curl) {
      if (wait || output !== undefined) {
        throw usageError("--curl prints one request: leave out --wait and -o");
      }
      const call = { ids: {}, payload: composition };
      const line = curlOf(createCompositionOperation, call, calling);
      return void await context.stdout.write(line);
    }
    const apiKey = await readApiKey(values, context);
    const { fetch, stderr, stdout } = context;

    if (output !== undefined) await checkFree(output);
    const ordered = await createComposition(
      fetch,
      apiKey,
      composition,
      calling,
    );
    const show = (record: RoomComposition) => {
      const text = json
        ? toJson(record)
        : compositionView(record, toViewOptions(context));
      stdout.write(text);
    };
    if (!wait && output === undefined) return show(ordered);

    if (stderr.isTTY) {
      const waiting = `Composing ${printable(ordered.id)}`;
      writeLine(`${waiting}; Ctrl+C stops waiting`, stderr);
    }
    const ready = await waitForComposition(fetch, apiKey, ordered.id, {
      ...calling,
      timeoutMs: maxWaitMs,
    });
    if (output === undefined) return show(ready);
    const job = {
      id: ready.id,
      file: output,
      start: (opts: object) =>
        downloadComposition(fetch, apiKey, ready.id, opts),
    };
    printSaved([await save(job, calling, context)], Boolean(json), context);
  },
});
