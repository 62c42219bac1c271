import * as pulumi from "@pulumi/pulumi";
import program from "../../../../index";
import { RESOURCE_SEARCHES } from "../../../../ops/recovery/orphans/table";
import { accountId, answers, resources, startProgram, tenantId } from "../../../support/mocks";
import { wholeAccess, wholeConditionalAccess } from "../../../support/whole-stack";

test("has an entry for every type of resource that the program declares, and no other", async () => {
  jest.spyOn(pulumi.log, "info").mockResolvedValue();
  await startProgram();
  answers["azuread:index/getGroups:getGroups"] = {
    objectIds: ["employees-id", "engineers-id"],
    displayNames: ["Employees", "Engineers"],
  };
  // Without the further tenant: the mocks are signed in to one, and its resources have the same types.
  const { fabrikam: _fabrikam, ...identityProviders } = wholeAccess.identityProviders;
  const { partners: _partners, ...groups } = wholeAccess.groups;
  const policies = { ...wholeAccess.policies, finance: { include: ["finance"] } };
  const access = { ...wholeAccess, identityProviders, groups, policies };
  const config = {
    tenantId,
    accountId,
    teamName: "contoso",
    access: JSON.stringify(access),
    application: JSON.stringify({ uniqueSuffix: true }),
    conditionalAccess: JSON.stringify(wholeConditionalAccess),
    identityProvider: JSON.stringify({ scim: { enabled: true, provisioning: "managed" } }),
  };
  const entries = Object.entries(config).map(([key, value]) => [`entra-access:${key}`, value]);
  pulumi.runtime.setAllConfig(Object.fromEntries(entries));
  await program({});
  const types = Object.values(await resources()).map(({ type }) => type);
  const declared = types.filter((type) => !/^(pulumi|entra-access):/.test(type));
  expect([...new Set(declared)].sort()).toEqual(Object.keys(RESOURCE_SEARCHES).sort());
});
