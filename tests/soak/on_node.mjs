/** Makes the calls with `httpFetch` on Node: `BUNDLE BASE_URL CALLS`. */
import process from "node:process";
import { makeCalls } from "./calls.mjs";

const [bundle, baseUrl, calls] = process.argv.slice(2);
const { getRoom, httpFetch } = await import(bundle);

console.log(JSON.stringify(
  await makeCalls({
    getRoom,
    fetchFn: httpFetch,
    baseUrl,
    calls: Number(calls),
    heapUsed: () => process.memoryUsage().heapUsed,
  }),
));
