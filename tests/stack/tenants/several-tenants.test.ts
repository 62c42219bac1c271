import type { Stack } from "../../../ops/stacks";
import { contoso, contosoUsers } from "../../../twin/index";
import { contosoGroups, fabrikamGroups, fabrikamUsers } from "../../../twin/seed/people";
import { accessSeed } from "../../support/access-seed";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";
import { partner } from "../../support/partner";
import { Browser } from "../../twin/entra/browser";

const lab = useEngineFixture();
beforeEach(() => lab.twin.reset(accessSeed));

const access = {
  identityProviders: { fabrikam: { ...partner, assignedOnly: true } },
  groups: {
    engineers: { include: { entraGroups: [contosoGroups.engineers.id] } },
    theirs: { identityProvider: "fabrikam", include: { entraGroups: [fabrikamGroups.engineers.id] } },
  },
  policies: { engineers: { include: ["engineers"] }, theirs: { include: ["theirs"] } },
  applications: {
    wiki: { hostnames: ["wiki.contoso.example"], policies: ["engineers"] },
    exchange: { hostnames: ["exchange.contoso.example"], policies: ["theirs"] },
  },
};
const withAccess = (settings: object) => ({ "entra-access:access": settings, "entra-access:protect": false });

/** Signs in on the page that tests the identity provider. @returns the page */
async function signIn(stack: Stack, user: { id: string }, further?: string): Promise<string> {
  const outputs = await stack.outputs();
  const url = further ? outputs.identityProviders?.value[further].testUrl : outputs.testUrl?.value;
  const browser = new Browser(lab.twin);
  let shown = await browser.go(lab.twin.browserUrlOf(url));
  if (shown.html.includes('name="user"')) shown = await browser.signIn(user);
  await browser.close();
  return shown.html.includes("Your connection works!") ? "works" : shown.html;
}

const of = (name: string) => (changes: readonly string[]) => changes.filter((line) => line.includes(name));

test("lets people of two tenants sign in, of the one with assignedOnly those of the groups, and removes only the resources of a tenant that is taken out", async () => {
  const stack = await lab.stack({ config: withAccess(access) });
  const made = formatChanges((await stack.up()).changes);
  expect(of("fabrikam")(made)).toEqual([
    "create fabrikam-admin-consent",
    "create fabrikam-app-role",
    "create fabrikam-application",
    `create fabrikam-assignment-${fabrikamGroups.engineers.id}`,
    "create fabrikam-credential",
    "create fabrikam-identity-provider",
    "create fabrikam-service-principal",
  ]);
  expect(await signIn(stack, contosoUsers.ada)).toBe("works");
  expect(await signIn(stack, fabrikamUsers.robin, "fabrikam")).toBe("works");

  const { fabrikam: _gone, ...identityProviders } = access.identityProviders;
  const { theirs: _group, ...groups } = access.groups;
  const { theirs: _policy, ...policies } = access.policies;
  const { exchange: _application, ...applications } = access.applications;
  await stack.configure(withAccess({ identityProviders, groups, policies, applications }));
  const removed = formatChanges((await stack.preview()).changes);
  expect(removed).toEqual([
    "delete access-application-exchange",
    "delete access-group-theirs",
    "delete access-policy-theirs",
    ...of("fabrikam")(made).map((line) => line.replace("create", "delete")),
  ]);
});

test("reports a deployer of another tenant before it creates anything", async () => {
  const { appId: clientId, secret: clientSecret } = contoso.deployer;
  const identityProviders = { fabrikam: { ...partner, clientId, clientSecret } };
  const error = await lab.failure("up", {
    config: withAccess({ ...access, identityProviders, groups: {}, policies: {}, applications: {} }),
  });
  expect(error.message).toMatch(/AADSTS700016/);
  const { resources } = await error.state();
  expect(resources?.filter(({ urn }) => urn.includes("application:Application"))).toEqual([]);
});
