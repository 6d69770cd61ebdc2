/**
 * Every operation as data, from its description: the arguments of a call, the
 * request it sends, the response, and arguments that it refuses.
 */
import * as rooms from "../../mod.ts";
import * as core from "../../lib/core/mod.ts";
import type { FetchFn } from "../../mod.ts";
import { fillPath, idNames } from "../../lib/core/path.ts";
import {
  deref,
  description,
  findOperation,
  type Json,
  operations,
} from "./described.ts";
import { type Edge, edgesOf, exampleOf, uuid } from "./edges.ts";

export { uuid };

/** Arguments that replace those of a row: in `args`, in `opts`, or both. */
type Changed = { args?: unknown[]; opts?: object };

/** An operation, and a call of its function with every argument and option. */
export interface OperationRow {
  name: string;
  operation: core.Operation;
  run(fetchFn: FetchFn, token: string, ...args: unknown[]): Promise<unknown>;
  /** The ids of the path, then the payload. */
  args: unknown[];
  opts: Record<string, unknown>;
  /** The request: the path and query, decoded; and the body. */
  path: string;
  body?: unknown;
  /** The body of a success, and what the function resolves to. */
  received?: unknown;
  result?: unknown;
  /** Wrong arguments, by the `argument` of the error. */
  wrong: [argument: string, changed: Changed][];
}

/** The names of the payloads, which have no name in the description. */
const payloadNames: Record<string, string> = {
  createRoom: "room",
  updateRoom: "changes",
  createComposition: "composition",
  refreshJoinToken: "refreshToken",
  muteParticipants: "who",
  unmuteParticipants: "who",
  kickParticipants: "who",
};

/** Wrong values that the description does not tell. */
const more: Record<string, [argument: string, ...values: unknown[]]> = {
  listRooms: ["uniqueName", "\ud800"],
  listRecordings: ["status", "enqueued"],
  deleteRecordings: ["status", "enqueued"],
  createComposition: [
    "composition.resolution",
    ...["1280x721", "721x1280", "1281x16", "15x16", "16x15", "640 x 480"],
    ...["640X480", "640x480p"],
  ],
};

/** An option: what is sent of it, a value, and wrong ones. */
interface Option {
  name: string;
  sent: [name: string, value: unknown][];
  value: unknown;
  wrong: Edge[];
}

/** An option with one schema, or with those of its bounds. */
function optionOf(
  name: string,
  wire: string,
  schemaOf: (name: string) => unknown,
): Option {
  const single = schemaOf(wire);
  const bounds = ["eq", "gte", "lte"].flatMap((bound) => {
    const field = `${wire}[${bound}]`;
    const schema = schemaOf(field);
    return schema ? [{ bound, field, schema, value: exampleOf(schema) }] : [];
  });
  if (bounds.length === 0) {
    if (!single) throw new Error(`${wire}: not described`);
    const value = exampleOf(single);
    return { name, value, sent: [[wire, value]], wrong: edgesOf(single) };
  }
  const noObjects = single ? [] : [null, [], "2026-01-01"];
  return {
    name,
    value: Object.fromEntries(bounds.map(({ bound, value }) => [bound, value])),
    sent: bounds.map(({ field, value }) => [field, value]),
    wrong: [
      ...noObjects.map((wrong): Edge => [[], wrong]),
      ...bounds.flatMap(({ bound, schema }) =>
        edgesOf(schema).map(([path, wrong]): Edge => [
          [bound, ...path],
          { [bound]: wrong },
        ])
      ),
    ],
  };
}

/** What a function resolves to. */
function resultOf(received: unknown): unknown {
  const { meta, data } = received as { meta?: unknown; data: Json };
  if (meta) return received;
  return "result" in data ? undefined : data.room_recordings ?? data;
}

function rowOf(name: string, operation: core.Operation): OperationRow {
  const found = findOperation(description, operation);
  if (!found) throw new Error(`${name} is not described`);
  const { body, needsFilter } = operation;
  const { properties } = deref(description, found.payload);
  const fields = { ...properties as Json };
  const options = Object.entries(operation.options ?? {})
    .map(([option, [wire]]) => {
      const { [wire]: field } = fields;
      delete fields[wire];
      return optionOf(
        option,
        wire,
        (name) =>
          body
            ? name === wire && field
            : found.parameters.find((each) => each.name === name)?.schema,
      );
    });
  const opts = Object.fromEntries(
    options.map(({ name, value }) => [name, value]),
  );
  const sent = options.flatMap(({ sent }) => sent);
  const query = sent.map(([name, value]) => `${name}=${value}`).join("&");
  const path = fillPath(operation.path, () => uuid(2));
  const ids = idNames(operation.path).map((_, i) => uuid(i + 2));

  const fieldName = body?.field;
  const schema = fieldName
    ? fields[fieldName]
    : { type: "object", properties: fields };
  const hasPayload = Object.keys(fields).length > 0;
  const example = hasPayload ? exampleOf(schema) : undefined;
  // Fields that are not known are sent too
  const payload = fieldName || !hasPayload
    ? example
    : { ...example as Json, a_new_field: [1] };
  const sentPayload = fieldName ? { [fieldName]: payload } : payload as Json;

  const withOption = (option: string, value: unknown): Changed =>
    needsFilter
      ? { args: [{ ...opts, [option]: value }] }
      : { opts: { [option]: value } };
  const withPayload = (value: unknown): Changed => ({ args: [...ids, value] });
  const [argument = "", ...values] = more[name] ?? [];
  const [, inner] = argument.split(".");
  const received = operation.result && exampleOf(found.schema);
  return {
    name,
    operation,
    run: Reflect.get(rooms, name),
    // A filter is an argument
    args: needsFilter ? [opts] : hasPayload ? [...ids, payload] : ids,
    opts: needsFilter ? {} : opts,
    path: body || query === "" ? path : `${path}?${query}`,
    ...body && { body: { ...sentPayload, ...Object.fromEntries(sent) } },
    ...received ? { received, result: resultOf(received) } : {},
    wrong: [
      ...options.flatMap((option) =>
        option.wrong.map(([path, value]): OperationRow["wrong"][0] => [
          [option.name, ...path].join("."),
          withOption(option.name, value),
        ])
      ),
      ...(hasPayload ? edgesOf(schema) : [])
        .map(([path, value]): OperationRow["wrong"][0] => [
          [payloadNames[name], ...path].join("."),
          withPayload(value),
        ]),
      ...values.map((value): OperationRow["wrong"][0] => [
        argument,
        inner ? withPayload({ [inner]: value }) : withOption(argument, value),
      ]),
    ],
  };
}

/** Every operation, except the two lists nested below a room and a session. */
export const rows: OperationRow[] = [...operations]
  .map(([name, operation]) => rowOf(name, operation));

/** The request of a row, by `toRequest()`. */
export function requestOf(
  row: OperationRow,
  changed: Changed = {},
): core.ApiRequest {
  const { operation } = row;
  const args = changed.args ?? row.args;
  const opts = { ...row.opts, ...changed.opts };
  const names = idNames(operation.path);
  const ids = Object.fromEntries(names.map((name, i) => [name, args[i]]));
  const rest = args.slice(names.length);
  return operation.needsFilter
    ? core.toRequest(operation, "KEY", ids, { ...rest[0] as object, ...opts })
    : core.toRequest(operation, "KEY", ids, opts, ...rest as [unknown]);
}
