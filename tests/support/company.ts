import {
  COMPANY_FOLDER,
  companyDirectory,
  companySeed,
  companyTenants,
  introduce,
} from "../../ops/commands/company";
import type { Stack } from "../../ops/stacks";
import type { GroupSeed, UserSeed } from "../../twin/index";
import type { Lab } from "./lab";

/** Deploys both stacks of the example. @returns the company's */
export async function deployCompany(lab: Lab): Promise<Stack> {
  lab.twin.reset(companySeed);
  const open = (name: keyof typeof companyTenants) =>
    lab.stack({ of: companyTenants[name], name, projectFolder: COMPANY_FOLDER });
  const [partner, company] = [await open("fabrikam"), await open("contoso")];
  await partner.up();
  await introduce(partner, company);
  await company.up();
  return company;
}

/** Finds a person of the example's directory by the first name. */
export function findPerson(name: string): UserSeed {
  const everybody = [...companyDirectory.contoso.users, ...companyDirectory.fabrikam.users];
  const found = everybody.find(({ displayName }) => displayName.startsWith(`${name} `));
  if (!found) throw new Error(`no person is called ${name}`);
  return found;
}

export function findEntraGroup(displayName: string): GroupSeed {
  const found = companyDirectory.contoso.groups.find((group) => group.displayName === displayName);
  if (!found) throw new Error(`no group is called ${displayName}`);
  return found;
}
