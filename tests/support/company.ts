import {
  COMPANY_FOLDER,
  companyDirectory,
  companySeed,
  companyTenants,
  connectPartner,
} from "../../ops/commands/company";
import type { Stack } from "../../ops/stacks";
import type { GroupSeed, UserSeed } from "../../twin/index";
import type { Lab } from "./lab";

/** Brings both stacks of the example up. @returns the company's */
export async function bringUpCompany(lab: Lab): Promise<Stack> {
  lab.twin.reset(companySeed);
  const open = (name: keyof typeof companyTenants) =>
    lab.stack({ of: companyTenants[name], name, projectFolder: COMPANY_FOLDER });
  const [partner, company] = [await open("fabrikam"), await open("contoso")];
  await partner.up();
  await connectPartner(partner, company);
  await company.up();
  return company;
}

/** Somebody of the example's directory, by the first name. */
export function person(name: string): UserSeed {
  const everybody = [...companyDirectory.contoso.users, ...companyDirectory.fabrikam.users];
  const found = everybody.find(({ displayName }) => displayName.startsWith(`${name} `));
  if (!found) throw new Error(`nobody is called ${name}`);
  return found;
}

export function entraGroup(displayName: string): GroupSeed {
  const found = companyDirectory.contoso.groups.find((group) => group.displayName === displayName);
  if (!found) throw new Error(`no group is called ${displayName}`);
  return found;
}
