import { assertEquals } from "@std/assert";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";

const url = "https://api.telnyx.com/v2/rooms";
const text = '{"unique_name":"Zoë"}';
const bytes = new TextEncoder().encode(text);
const json = "application/json";
const form = "application/x-www-form-urlencoded;charset=UTF-8";

const bodies: [name: string, body: () => BodyInit, type?: string][] = [
  ["text", () => text],
  ["a Blob", () => new Blob([text])],
  ["a Blob with a type", () => new Blob([text], { type: json }), json],
  ["a File", () => new File([text], "room.json")],
  ["bytes", () => bytes],
  ["a view on bytes", () => new DataView(bytes.buffer)],
  ["an ArrayBuffer", () => bytes.buffer],
  ["a stream", () => new Blob([text]).stream()],
];

/** What a fake made of a body, given beside a URL or in a `Request`. */
async function received(body: BodyInit | null, inRequest: boolean) {
  const fake = fakeRooms();
  const headers = { authorization: "Bearer any" };
  // Node asks for `duplex` with a stream
  const init = { method: "POST", headers, body, duplex: "half" };
  const { status } = inRequest
    ? await fake.fetch(new Request(url, init))
    : await fake.fetch(url, init);
  return { status, request: fake.requests[0], rooms: fake.rooms };
}

for (const [name, make, type] of bodies) {
  Deno.test(`fakeRooms().fetch() reads ${name}`, async () => {
    for (const inRequest of [false, true]) {
      const { status, request, rooms } = await received(make(), inRequest);
      assertEquals([status, request?.body], [201, text]);
      assertEquals(rooms[0]?.unique_name, "Zoë");
      if (inRequest) continue; // where the platform decides on the type
      assertEquals(request?.headers["content-type"], type);
    }
  });
}

const empty: [name: string, body: () => BodyInit | null][] = [
  ["null", () => null],
  ['""', () => ""],
  ["an empty Blob", () => new Blob([])],
  ["no bytes", () => new Uint8Array(0)],
  ["empty URLSearchParams", () => new URLSearchParams()],
];

for (const [name, make] of empty) {
  Deno.test(`fakeRooms().fetch() takes ${name} for no body`, async () => {
    for (const inRequest of [false, true]) {
      const { status, request } = await received(make(), inRequest);
      assertEquals([status, request && "body" in request], [201, false]);
    }
  });
}

Deno.test("fakeRooms().fetch() reads URLSearchParams, and adds their content type", async () => {
  for (const inRequest of [false, true]) {
    const params = new URLSearchParams({ a: "1 2" });
    const { status, request } = await received(params, inRequest);
    assertEquals([status, request?.body], [400, "a=1+2"]);
    assertEquals(request?.headers["content-type"], form);
  }
});

Deno.test("fakeRooms().fetch() reads FormData, and adds their content type", async () => {
  const data = new FormData();
  data.append("a", "1");
  const { request } = await received(data, false);
  const [type, boundary] = request?.headers["content-type"]?.split("=") ?? [];
  assertEquals(type, "multipart/form-data; boundary");
  assertEquals(request?.body?.includes(`${boundary}`), true);
});

Deno.test("fakeRooms().fetch() keeps the content type that is given", async () => {
  const fake = fakeRooms();
  const headers = { "content-type": "text/x" };
  const body = new URLSearchParams("a=1");
  await fake.fetch(url, { method: "POST", headers, body });
  assertEquals(fake.requests[0]?.headers, headers);
});
