import { parseConfig } from "../../config";

/** Valid settings of `access`. */
export const validAccess = {
  identityProviders: {
    okta: { id: "okta-id" },
    emergency: { id: "pin-id", oneTimePin: true },
    fabrikam: { id: "fabrikam-id", tenantId: "b84d6c12-7e35-4f90-a1c8-52e96f0d3b77" },
  },
  groups: {
    employees: { include: { entraGroups: ["Employees"] } },
    partners: { include: { emails: ["eve@partner.example"], emailDomains: ["contoso.example"] } },
    fabrikam: { identityProvider: "fabrikam", include: { entraGroups: ["Engineers"] } },
    breakGlass: { identityProvider: "emergency", include: { emails: ["root@contoso.example"] } },
    all: { include: { groups: ["employees", "partners"] } },
    dach: { include: { countries: ["DE", "AT"], ipRanges: ["198.51.100.0/24"] } },
    backup: { include: { serviceTokens: ["f174e90a-fafe-4643-bbbc-4a0ed4fc8415"] } },
  },
  policies: {
    employees: { include: ["employees"], require: ["dach"] },
    all: { include: ["all"] },
    strangers: { decision: "deny", include: ["dach"] },
    backup: { decision: "service_auth", include: ["backup"] },
    public: { decision: "bypass", everyone: true, acknowledge: ["bypass", "everyone"] },
    anybody: { everyone: true, acknowledge: ["everyone"] },
  },
  applications: {
    wiki: { hostnames: ["wiki.contoso.example"], policies: ["strangers", "employees", "backup"] },
    assets: { hostnames: ["wiki.contoso.example/assets"], policies: ["public"] },
    nobody: { hostnames: ["*.nobody.contoso.example"] },
  },
};
export type AccessSection = Record<string, unknown>;

export const parseAccess = (access: unknown) =>
  parseConfig(
    {
      "entra-access:tenantId": "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01",
      "entra-access:accountId": "023e105f4ecef8ad9ca31a8372d0c353",
      "entra-access:teamName": "contoso",
      "entra-access:access": JSON.stringify(access),
    },
    "entra-access",
  ).access;

/** Lists the problems of settings of `access`. */
export function listProblems(access: unknown): string[] {
  try {
    parseAccess(access);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n  ").slice(1);
  }
}

/** Lists the problems of the valid settings after entries of one section were added or replaced. */
export function listProblemsWith(section: keyof typeof validAccess, entries: AccessSection): string[] {
  return listProblems({ ...validAccess, [section]: { ...validAccess[section], ...entries } });
}
