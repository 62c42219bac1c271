import type { ConfigValues } from "../../ops/stacks";
import { contoso, fabrikam, type Seed } from "../../twin/index";
import { contosoUsers } from "../../twin/seed/people";
import { privateNetworksSeed } from "./access-seed";
import { partner } from "./partner";

/** A seed whose deployers have every permission that {@link wholeAccess} needs, also to own Entra groups. */
export const wholeSeed: Seed = {
  ...privateNetworksSeed,
  tenants: privateNetworksSeed.tenants.map((tenant) => ({
    ...tenant,
    principals: tenant.principals.map((principal) =>
      [contoso.deployer.appId, fabrikam.deployer.appId].includes(principal.appId)
        ? { ...principal, permissions: [...principal.permissions, "Group.ReadWrite.All"] }
        : principal,
    ),
  })),
};

const routed = { routes: "make", tunnelId: contoso.tunnelId };

/** Settings of `access` with at least one resource of every type. */
export const wholeAccess = {
  assignedOnly: true,
  identityProviders: {
    fabrikam: { ...partner, assignedOnly: true },
    emergency: { oneTimePin: true, owned: true },
  },
  ownedEntraGroups: { finance: { displayName: "Access Finance", members: [contosoUsers.ada.id] } },
  groups: {
    employees: { include: { entraGroups: ["Employees"] } },
    finance: { include: { entraGroups: ["Access Finance"] } },
    partners: { identityProvider: "fabrikam", include: { entraGroups: ["Engineers"] } },
    breakGlass: { identityProvider: "emergency", include: { emails: ["root@contoso.example"] } },
  },
  policies: {
    employees: { include: ["employees"], sessionDuration: "8h" },
    finance: { include: ["finance", "partners"] },
    breakGlass: { include: ["breakGlass"], sessionDuration: "1h" },
  },
  virtualNetworks: { datacenter: { displayName: "Datacenter" } },
  privateRanges: {
    servers: { virtualNetwork: "datacenter", cidr: "10.20.0.0/16", ...routed, precedence: 1000 },
  },
  privateHostnames: { ledger: { hostname: "ledger.corp.contoso.example", ...routed, precedence: 1010 } },
  applications: {
    wiki: { hostnames: ["wiki.contoso.example"], policies: ["employees"] },
    ledger: {
      hostnames: ["ledger.contoso.example"],
      destinations: [{ hostname: "ledger" }, { range: "servers", cidr: "10.20.30.0/24", ports: 5432 }],
      policies: ["finance", "breakGlass"],
    },
  },
  deviceEnrolment: { policies: ["employees"] },
};

/** The config of a stack with {@link wholeAccess}. */
export const wholeConfig = (access: object = wholeAccess): ConfigValues => ({
  "entra-access:access": access,
  "entra-access:protect": false,
});
