import { keepIgnored } from "../../stand-ins/bridge/table/ignored-changes";

const state = { notes: "by hand", web: { homepageUrl: "https://a.example", redirectUris: ["x"] }, api: null };

it.each([
  ["a property that the program does not set", {}, ["notes"], { notes: "by hand" }],
  ["a property that it sets otherwise", { notes: "n" }, ["notes"], { notes: "by hand" }],
  ["one that the state has not", { api: { version: 2 }, tags: ["t"] }, ["api", "tags"], {}],
  [
    "one within a block",
    { web: { redirectUris: ["y"] } },
    ["web.homepageUrl"],
    { web: { redirectUris: ["y"], homepageUrl: "https://a.example" } },
  ],
  ["one within a block that nobody has", { name: "n" }, ["claims.idTokens"], { name: "n" }],
])("keeps %s as the state has it", (_case, inputs, paths, expected) => {
  expect(keepIgnored(state, inputs, paths)).toEqual(expected);
});
