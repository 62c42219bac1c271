import type { ConfigValues } from "../../ops/stacks";
import { contoso, fabrikam, type Seed } from "../../twin/index";
import { contosoUsers } from "../../twin/seed/people";
import { privateNetworksSeed } from "./access-seed";
import { partner } from "./partner";

const MORE_PERMISSIONS = ["Group.ReadWrite.All", "Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"];

/** A seed whose deployers have every permission that {@link wholeAccess} needs, also to own Entra groups. */
export const wholeSeed: Seed = {
  ...privateNetworksSeed,
  tenants: privateNetworksSeed.tenants.map((tenant) => ({
    ...tenant,
    principals: tenant.principals.map((principal) =>
      [contoso.deployer.appId, fabrikam.deployer.appId].includes(principal.appId)
        ? { ...principal, permissions: [...principal.permissions, ...MORE_PERMISSIONS] }
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
    office: { include: { ipRanges: ["198.51.100.0/24"] } },
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

/** {@link wholeAccess} with a change of every type, additions and removals. */
export const changedAccess = {
  ...wholeAccess,
  ownedEntraGroups: {
    finance: { ...wholeAccess.ownedEntraGroups.finance, description: "Who sees the books" },
    legal: { displayName: "Access Legal" },
  },
  groups: {
    ...wholeAccess.groups,
    employees: { include: { entraGroups: ["Employees", "Access Legal"] } },
    dach: { include: { countries: ["AT", "CH", "DE"] } },
  },
  policies: {
    ...wholeAccess.policies,
    employees: { include: ["employees"], require: ["office"], sessionDuration: "4h" },
    visitors: { decision: "deny", include: ["dach"] },
  },
  virtualNetworks: { ...wholeAccess.virtualNetworks, laboratory: { displayName: "Laboratory" } },
  privateRanges: {
    servers: { ...wholeAccess.privateRanges.servers, precedence: 1100 },
    machines: { virtualNetwork: "laboratory", cidr: "10.30.0.0/16", ...routed, precedence: 1020 },
  },
  privateHostnames: {
    archive: { hostname: "archive.corp.contoso.example", ...routed, precedence: 1040 },
  },
  applications: {
    wiki: { ...wholeAccess.applications.wiki, policies: ["visitors", "employees"] },
    machines: {
      hostnames: ["machines.contoso.example"],
      destinations: [
        { hostname: "archive" },
        { range: "machines", cidr: "10.30.1.0/24" },
        { range: "servers", cidr: "10.20.30.0/24" },
      ],
      policies: ["finance", "breakGlass"],
    },
  },
  deviceEnrolment: { policies: ["employees"], sessionDuration: "1h" },
};

/** Conditional Access with every type of resource. */
export const wholeConditionalAccess = {
  emergencyAccounts: [contosoUsers.farida.id],
  namedLocations: { office: { ranges: ["198.51.100.0/24"], trusted: true } },
  policies: { mfa: { state: "enabled", require: ["mfa"], locations: { exclude: ["office"] } } },
};

/** The config of a stack with {@link wholeAccess}. */
export const wholeConfig = (access: object = wholeAccess): ConfigValues => ({
  "entra-access:access": access,
  "entra-access:conditionalAccess": wholeConditionalAccess,
  "entra-access:protect": false,
});
