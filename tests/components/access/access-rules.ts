import type { AccessRulesConfig } from "../../../config/access/rules";

export const policy: AccessRulesConfig["policies"][string] = {
  decision: "allow",
  include: [],
  require: [],
  exclude: [],
  everyone: false,
  acknowledge: [],
  mfa: false,
};
export const application = { acknowledge: [], launcher: true };
export const group = { identityProvider: "entra" };
export const rules: AccessRulesConfig = {
  groups: {
    all: { ...group, include: { groups: ["employees", "guests"] }, exclude: { entraGroups: ["Suspended"] } },
    employees: { ...group, include: { entraGroups: ["Employees"] }, require: { groups: ["dach"] } },
    guests: { identityProvider: "partners", include: { emails: ["eve@b.example", "al@b.example"] } },
    dach: { ...group, include: { countries: ["DE", "AT"], ipRanges: ["198.51.100.0/24"] } },
    backup: { ...group, include: { serviceTokens: ["token"] } },
  },
  policies: {
    all: { ...policy, include: ["all"] },
    employees: {
      ...policy,
      include: ["employees"],
      require: ["dach"],
      mfa: true,
      authenticationContext: { id: "context", acId: "c1" },
      justification: "Why?",
      approval: { approvers: ["boss@contoso.example"], needed: 2 },
      sessionDuration: "8h",
    },
    anybody: { ...policy, everyone: true },
    backup: { ...policy, decision: "service_auth", include: ["backup"] },
    public: { ...policy, decision: "bypass", everyone: true },
  },
  applications: {
    wiki: {
      ...application,
      hostnames: ["wiki.example", "docs.example/wiki"],
      policies: ["all", "backup"],
    },
    git: {
      ...application,
      displayName: "Git",
      hostnames: ["git.example"],
      policies: ["employees"],
      launcher: false,
      cookie: { sameSite: "strict", binding: true },
      cors: { origins: ["https://a.example"], methods: "all", credentials: true },
    },
    nobody: { ...application, hostnames: ["nobody.example"], policies: [] },
  },
  virtualNetworks: {},
  privateRanges: {},
  privateHostnames: {},
};

export const identityProviders = {
  entra: {
    id: "idp",
    entraGroups: new Map([
      ["Employees", "e-id"],
      ["Suspended", "s-id"],
    ]),
  },
  partners: { id: "partners-idp", entraGroups: new Map<string, string>() },
};
