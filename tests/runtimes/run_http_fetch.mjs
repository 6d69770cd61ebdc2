/** The runner of the cases of `httpFetch`: see `run_process.mjs`. */
import * as main from "@videorooms/telnyx";
import * as node from "@videorooms/telnyx/node";
import { printResults } from "./node_cases.js";

await printResults({ main, node });
