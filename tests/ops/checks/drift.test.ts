import { expectExactlyThat } from "../../../ops/checks/drift";
import type { ResourceChange } from "../../../ops/stacks/changes";

function change(type: string, path: string, op: ResourceChange["op"] = "update"): ResourceChange {
  return { op, type, urn: "", name: "x", properties: [{ path }] };
}

const application = "azuread:index/application:Application";
const provider = "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider";
const redirectUri = change(application, "web.redirectUris[0]");
const groups = change(provider, "config.supportGroups");

test("exactly the two changes pass, in any order", () => {
  expectExactlyThat([redirectUri, groups]);
  expectExactlyThat([groups, redirectUri]);
});

test.each<[string, ResourceChange[], string]>([
  ["nothing", [], "not reported: Entra ID: the application's redirect URI"],
  ["one of them", [redirectUri], "not reported: Cloudflare: support_groups"],
  [
    "one more",
    [redirectUri, groups, change("random:index:RandomUuid", "x")],
    "not expected: update random:index:RandomUuid x",
  ],
  [
    "another property of the same kind",
    [change(application, "web.redirectUrisOther"), groups],
    "not expected",
  ],
  ["a replacement", [change(application, "web.redirectUris[0]", "replace"), groups], "not expected: replace"],
  [
    "more than that property",
    [{ ...groups, properties: [...groups.properties, { path: "name" }] }, redirectUri],
    "config.supportGroups, name",
  ],
])("%s fails", (_name, changes, said) => {
  expect(() => expectExactlyThat(changes)).toThrow(
    "preview does not report exactly what was changed by hand",
  );
  try {
    expectExactlyThat(changes);
  } catch (error) {
    expect((error as { next: string[] }).next.join("\n")).toContain(said);
  }
});
