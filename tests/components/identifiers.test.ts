import * as pulumi from "@pulumi/pulumi";
import { keepRenamedResources } from "../../components/identifiers";
import { accessFields } from "../../config/access/schema";
import { resolveIdentityProviders } from "../../config/identity-providers";

const register = jest.spyOn(pulumi.runtime, "registerStackTransformation").mockImplementation();
beforeEach(() => register.mockClear());

const ownTenantId = "c1a7e9d0-3b52-4f86-8e14-7d2f60b9a538";
const tenantId = "b84d6c12-7e35-4f90-a1c8-52e96f0d3b77";
const routed = { routes: "existing" };
const finance = { displayName: "Access Finance" };
const vault = { tenantId, owned: true, application: { displayName: "Vault" } };
const settings = {
  applications: { wiki: { hostnames: ["wiki.contoso.example"] }, databases: {} },
  virtualNetworks: { lab: { displayName: "Lab" }, old: { id: tenantId } },
  privateRanges: { servers: { virtualNetwork: "lab", cidr: "10.0.0.0/8", ...routed, precedence: 1000 } },
  privateHostnames: { ledger: { hostname: "ledger.corp.example", ...routed, precedence: 1010 } },
  ownedEntraGroups: { finance },
  identityProviders: { emergency: { oneTimePin: true, owned: true }, fabrikam: { tenantId, owned: true } },
};
const identify = (changed: object = {}, last = {}) => {
  const { identityProviders, ...others } = accessFields.parse({ ...settings, ...changed });
  return keepRenamedResources(
    { ...others, identityProviders: resolveIdentityProviders(identityProviders, ownTenantId) },
    last,
  );
};
const host = (hostname: string) => ({ hostnames: [`${hostname}.contoso.example`] });

test("lists what the clouds take once, by setting and key", () => {
  expect(identify()).toEqual({
    applications: { wiki: ["host name wiki.contoso.example"] },
    virtualNetworks: { lab: ["virtual network name Lab"] },
    privateRanges: {
      servers: ["route 10.0.0.0/8 in lab", "Gateway precedence 1000", "Gateway precedence 1001"],
    },
    privateHostnames: {
      ledger: ["route ledger.corp.example", "Gateway precedence 1010", "Gateway precedence 1011"],
    },
    ownedEntraGroups: { finance: ["Entra group name access finance"] },
    identityProviders: { emergency: ["one-time PIN"], fabrikam: [`tenant ${tenantId}`] },
  });
  expect(identify(Object.fromEntries(Object.keys(settings).map((name) => [name, {}])))).toEqual({});
});

describe("after an update", () => {
  const last = identify({ applications: { wiki: host("wiki"), git: host("git") } });

  test.each([
    ["nothing changes", {}],
    ["an object is replaced by another", { applications: { docs: host("docs") } }],
    [
      "a value changes",
      { privateHostnames: { ledger: { ...settings.privateHostnames.ledger, precedence: 9 } } },
    ],
    ["an identity provider is removed", { identityProviders: {} }],
    ["a tenant gets a second sign-in", { identityProviders: { ...settings.identityProviders, vault } }],
  ])("goes on if %s", (_case, changed) => {
    expect(() => identify(changed, last)).not.toThrow();
    expect(register).not.toHaveBeenCalled();
  });

  test.each([
    [{ applications: { docs: host("wiki"), git: host("git") } }, "access-application-docs", "wiki"],
    [{ applications: { constructor: host("wiki") } }, "access-application-constructor", "wiki"],
    [{ ownedEntraGroups: { money: finance } }, "entra-assignment-money", "finance"],
    [{ identityProviders: { pins: settings.identityProviders.emergency } }, "pins", "emergency"],
  ])("keeps the resources of a key that is renamed: %j", (changed, name, formerKey) => {
    identify(changed, last);
    const [transform] = register.mock.calls[0] ?? [];
    const alias = { name: name.replace(/[^-]*$/, formerKey) };
    const args = {
      name,
      props: {},
      opts: { aliases: ["urn"] },
    } as unknown as pulumi.ResourceTransformationArgs;
    expect(transform?.(args)).toEqual({ props: {}, opts: { aliases: ["urn", alias] } });
    expect(transform?.({ ...args, name: "entra-application" })).toBeUndefined();
  });

  test.each([
    [
      "another application gets the host name of one that is removed",
      { applications: { wiki: { hostnames: ["wiki.contoso.example", "git.contoso.example"] } } },
      /^access\.applications\.git must give up host name git\.contoso\.example before the update in which access\.applications\.wiki gets it\. .* for \*\.contoso\.example with/,
    ],
    [
      "a new application gets the host name of one that stays",
      { applications: { wiki: host("new"), git: host("git"), docs: host("wiki") } },
      "access.applications.wiki must give up host name wiki.contoso.example before",
    ],
    [
      "a range and a host name exchange their precedences",
      {
        privateRanges: { servers: { ...settings.privateRanges.servers, precedence: 1010 } },
        privateHostnames: { ledger: { ...settings.privateHostnames.ledger, precedence: 1000 } },
      },
      "access.privateHostnames.ledger must give up Gateway precedence 1010 before the update in which access.privateRanges.servers gets it. Deploy access.privateHostnames.ledger without it first.",
    ],
    [
      "the key of a tenant is renamed",
      { identityProviders: { partner: settings.identityProviders.fabrikam } },
      'access.identityProviders.partner must keep the key "fabrikam"',
    ],
  ])("refuses it if %s", (_case, changed, message) => {
    expect(() => identify(changed, last)).toThrow(message);
    expect(() => identify(changed, {})).not.toThrow();
  });
});

test("refuses it if the key of one of several sign-ins in a tenant is renamed", () => {
  const { fabrikam } = settings.identityProviders;
  const last = identify({ identityProviders: { fabrikam, vault } });
  expect(() => identify({ identityProviders: { fabrikam, safe: vault } }, last)).toThrow(
    'access.identityProviders.safe must keep the key "vault"',
  );
});
