/** Checks a room with zod. */
import { array, boolean, looseObject, nullish, number, string } from "zod";
import { roomShape } from "./room_shape.mjs";

const [object, list] = [looseObject, array];
const schema = roomShape({ object, list, nullish, string, number, boolean });

export const zodRoom = (value) => schema.parse(value);
