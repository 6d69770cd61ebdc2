/** The menu of the site, and where its pages come from. */

/** The guides: their titles in the menu, and their files in the repository. */
export const guides = [
  ["Guides", [
    ["Getting started", "README.md"],
    ["Calls", "docs/calls.md"],
    ["Events", "docs/events.md"],
    ["Ten questions", "docs/questions.md"],
    ["Recipes", "docs/recipes.md"],
    ["Examples", "examples/README.md"],
    ["Migrating", "docs/migrating.md"],
  ]],
  ["Tools", [
    ["Command line", "docs/cli.md"],
    ["The fake", "docs/fake.md"],
    ["Contract", "contracts/README.md"],
  ]],
  ["Measurements", [
    ["Reliability", "docs/reliability.md"],
    ["Benchmarks", "docs/benchmarks.md"],
    ["Performance", "docs/performance.md"],
    ["Compatibility", "docs/compatibility.md"],
  ]],
  ["Project", [
    ["Changes", "CHANGELOG.md"],
    ["Security", "SECURITY.md"],
    ["Architecture", "ARCHITECTURE.md"],
    ["Contributing", "CONTRIBUTING.md"],
  ]],
];

/**
 * The pages of the API, and the files in `lib/` whose symbols they have. The last
 * one has the rest.
 */
export const resources = [
  ["Rooms", ["rooms", "get_rooms"]],
  ["Join tokens", ["join_tokens"]],
  ["Sessions", ["sessions"]],
  ["Participants", ["participants"]],
  ["Recordings", ["recordings"]],
  ["Compositions", ["compositions"]],
  ["Jobs", [
    "find_or_create_room",
    "present_participants",
    "wait",
    "wait_for_recordings",
    "wait_for_composition",
    "whole_meeting",
    "download",
  ]],
  ["Events and webhooks", [
    "events",
    "session_events",
    "apply_event",
    "watch_room",
    "webhooks",
  ]],
  ["Errors", ["errors", "response_init"]],
  ["Calls and options", []],
];

/** A text as a part of an address: `join-tokens` of `Join tokens`. */
export const slug = (text) => text.toLowerCase().replaceAll(" ", "-");

/** The pages of the guides, without their ends, by their files. */
export const pages = new Map(
  guides.flatMap(([, items]) => items)
    .map(([title, file]) => [file, slug(title)]),
);
