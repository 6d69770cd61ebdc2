import { assertEquals } from "@std/assert";
import { deadLinks } from "../../scripts/dead_links.ts";
import { withFolder } from "../cli/command.ts";

Deno.test("deadLinks() are links and pictures to no file, and to no heading", () =>
  withFolder(async (dir) => {
    await Deno.mkdir(`${dir}/api`);
    await Deno.writeTextFile(
      `${dir}/index.html`,
      `<h1 id="top">Hi</h1>
      <a href="#top"></a> <a href="#tip"></a>
      <a href="/site/api/rooms.html#get%C3%A9"></a>
      <a href="api/rooms.html?a=1&amp;b#list"></a>
      <a href="/rooms.html"></a> <img src="/site/missing.svg">
      <a href="https://example.com/elsewhere"></a>`,
    );
    await Deno.writeTextFile(
      `${dir}/api/rooms.html`,
      `<h2 id="geté">get</h2> <a href="../"></a> <a href="rooms.html#get"></a>`,
    );
    assertEquals((await deadLinks(dir, "/site/")).sort(), [
      "/api/rooms.html: rooms.html#get",
      "/index.html: #tip",
      "/index.html: /rooms.html",
      "/index.html: /site/missing.svg",
      "/index.html: api/rooms.html?a=1&amp;b#list",
    ]);
  }));
