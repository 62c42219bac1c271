import { assertOnlyManualChanges } from "../../../ops/demo/manual-changes";
import type { ResourceChange } from "../../../ops/stacks/run/changes";

function change(type: string, path: string, op: ResourceChange["op"] = "update"): ResourceChange {
  return { op, type, urn: "", name: "x", properties: [{ path }] };
}

const application = "azuread:index/application:Application";
const provider = "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider";
const redirectUri = change(application, "web.redirectUris[0]");
const groups = change(provider, "config.supportGroups");

test("accepts exactly the two changes, in any order", () => {
  assertOnlyManualChanges([redirectUri, groups]);
  assertOnlyManualChanges([groups, redirectUri]);
});

test.each<[string, ResourceChange[], string]>([
  ["nothing", [], "not reported: Entra ID: the application's redirect URI"],
  ["one of them", [redirectUri], "not reported: Cloudflare: support_groups"],
  [
    "one more",
    [redirectUri, groups, change("random:index:RandomUuid", "x")],
    "unexpected: update random:index:RandomUuid x",
  ],
  ["another property of the same kind", [change(application, "web.redirectUrisOther"), groups], "unexpected"],
  ["a replacement", [change(application, "web.redirectUris[0]", "replace"), groups], "unexpected: replace"],
  [
    "more than that property",
    [{ ...groups, properties: [...groups.properties, { path: "name" }] }, redirectUri],
    "config.supportGroups, name",
  ],
])("refuses %s", (_name, changes, message) => {
  expect(() => assertOnlyManualChanges(changes)).toThrow(
    "the preview must report exactly the manual changes",
  );
  try {
    assertOnlyManualChanges(changes);
  } catch (error) {
    expect((error as { next: string[] }).next.join("\n")).toContain(message);
  }
});
