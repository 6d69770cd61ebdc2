/** Checks a room with valibot. */
import {
  array,
  boolean,
  looseObject,
  nullish,
  number,
  parse,
  string,
} from "valibot";
import { roomShape } from "./room_shape.mjs";

const [object, list] = [looseObject, array];
const schema = roomShape({ object, list, nullish, string, number, boolean });

export const valibotRoom = (value) => parse(schema, value);
