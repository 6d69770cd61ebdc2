// The page with the fake inside it: the playground.
import { fakeRooms } from "../lib/testing/fake_rooms.ts";
import { partsOf } from "../lib/testing/parts.ts";
import { startSimulation } from "../lib/testing/simulation.ts";
import { addStartingRooms } from "../lib/testing/starting_rooms.ts";
import { show } from "./app.tsx";
import { Connection } from "./connection.ts";

const fake = fakeRooms();
const parts = partsOf(fake);
const fill = () => addStartingRooms(parts);
parts.onReset = fill;
fill();
startSimulation(parts, 1, 2500);

show(new Connection(fake.fetch, "http://localhost", true));
