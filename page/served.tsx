// The page as `serveRooms` serves it.
import { show } from "./app.tsx";
import { Connection } from "./connection.ts";

show(
  new Connection((url, init) => fetch(url, init), location.origin, false),
);
