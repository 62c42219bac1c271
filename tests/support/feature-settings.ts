import type { FeatureName } from "../../config/deployer/jobs";
import type { ConfigValues } from "../../ops/stacks";
import { contoso, contosoUsers } from "../../twin/index";

const routed = { routes: "make", tunnelId: contoso.tunnelId };
const office = { include: { emailDomains: ["contoso.example"] } };
const rules = {
  groups: { office },
  policies: { office: { include: ["office"] } },
  applications: { wiki: { hostnames: ["wiki.contoso.example"], policies: ["office"] } },
};
const ledger = {
  hostnames: ["ledger.contoso.example"],
  destinations: [{ hostname: "ledger" }],
  policies: ["office"],
};
const hostname = "ledger.corp.contoso.example";

/** Settings that have one feature, with the features that it requires. */
export const FEATURE_SETTINGS: Readonly<Record<FeatureName, ConfigValues>> = {
  accessRules: { access: { ...rules, deviceEnrolment: { policies: ["office"] } } },
  entraGroups: { access: { groups: { employees: { include: { entraGroups: ["Employees"] } } } } },
  assignedOnly: {
    access: {
      assignedOnly: true,
      groups: { employees: { include: { entraGroups: ["Employees"] } } },
      policies: { employees: { include: ["employees"] } },
      applications: { wiki: { hostnames: ["wiki.contoso.example"], policies: ["employees"] } },
    },
  },
  ownedEntraGroups: {
    access: {
      ownedEntraGroups: { finance: { displayName: "Access Finance", members: [contosoUsers.ada.id] } },
      groups: { finance: { include: { entraGroups: ["Access Finance"] } } },
    },
  },
  privateDestinations: {
    access: {
      ...rules,
      applications: { ledger },
      privateHostnames: { ledger: { hostname, routes: "existing", precedence: 1010 } },
    },
  },
  routes: {
    access: {
      ...rules,
      applications: {
        ledger,
        databases: { destinations: [{ range: "servers", cidr: "10.20.30.0/24" }], policies: ["office"] },
      },
      virtualNetworks: { datacenter: { displayName: "Datacenter" } },
      privateRanges: {
        servers: { virtualNetwork: "datacenter", cidr: "10.20.0.0/16", ...routed, precedence: 1000 },
      },
      privateHostnames: { ledger: { hostname, ...routed, precedence: 1010 } },
    },
  },
  addedOwners: {},
  scim: { identityProvider: { scim: { enabled: true, userDeprovision: true } } },
  managedProvisioning: {
    access: {
      groups: { employees: { include: { entraGroups: ["Employees"] } } },
      policies: { employees: { include: ["employees"] } },
      applications: { wiki: { hostnames: ["wiki.contoso.example"], policies: ["employees"] } },
    },
    identityProvider: { scim: { enabled: true, userDeprovision: true, provisioning: "managed" } },
  },
  conditionalAccess: {
    conditionalAccess: {
      emergencyAccounts: [contosoUsers.farida.id],
      namedLocations: { office: { ranges: ["198.51.100.0/24"], trusted: true } },
      policies: {
        mfa: { state: "enabled", require: ["mfa"], locations: { exclude: ["office"] } },
      },
    },
  },
  authenticationContexts: { identityProvider: { conditionalAccessEnabled: true } },
  requiredContexts: {
    identityProvider: { conditionalAccessEnabled: true },
    access: {
      ...rules,
      policies: { office: { include: ["office"], authenticationContext: { id: "vault", acId: "c1" } } },
    },
  },
};
