import { assertEquals } from "@std/assert";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";

const url = "https://api.telnyx.com/v2/rooms";
const text = '{"unique_name":"Zoë"}';
const bytes = new TextEncoder().encode(text);
const json = "application/json";
const form = "application/x-www-form-urlencoded;charset=UTF-8";

const bodies: [
  name: string,
  make: () => BodyInit | null,
  body: string | undefined,
  type?: string,
][] = [
  ["text", () => text, text],
  ["a Blob", () => new Blob([text]), text],
  ["a Blob with a type", () => new Blob([text], { type: json }), text, json],
  ["a File", () => new File([text], "room.json"), text],
  ["bytes", () => bytes, text],
  ["a view on bytes", () => new DataView(bytes.buffer), text],
  ["an ArrayBuffer", () => bytes.buffer, text],
  ["a stream", () => new Blob([text]).stream(), text],
  ["parameters", () => new URLSearchParams({ a: "1 2" }), "a=1+2", form],
  ["null", () => null, undefined],
  ["an empty text", () => "", undefined],
  ["an empty Blob", () => new Blob([]), undefined],
  ["no bytes", () => new Uint8Array(0), undefined],
  ["no parameters", () => new URLSearchParams(), undefined, form],
];
for (const [name, make, body, type] of bodies) {
  Deno.test(`fakeRooms().fetch() reads ${name}, given beside a URL or in a Request`, async () => {
    for (const isInRequest of [false, true]) {
      const fake = fakeRooms();
      const headers = { authorization: "Bearer any" };
      // Node asks for `duplex` with a stream
      const init = { method: "POST", headers, body: make(), duplex: "half" };
      const { status } = isInRequest
        ? await fake.fetch(new Request(url, init))
        : await fake.fetch(url, init);
      const [request] = fake.requests;
      assertEquals([status, request?.body], [
        body === "a=1+2" ? 400 : 201,
        body,
      ]);
      assertEquals(
        fake.rooms[0]?.unique_name ?? null,
        body === text ? "Zoë" : null,
      );
      if (isInRequest) continue; // where the platform decides on the type
      assertEquals(request?.headers["content-type"], type);
    }
  });
}

Deno.test("fakeRooms().fetch() reads FormData, and adds their content type", async () => {
  const fake = fakeRooms();
  const body = new FormData();
  body.append("a", "1");
  await fake.fetch(url, { method: "POST", body });
  const [request] = fake.requests;
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
