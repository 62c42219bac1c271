import {
  COMPANY_FOLDER,
  companyDirectory,
  companySeed,
  companyTenants,
  connectPartner,
} from "../../ops/demo/company";
import type { Stack } from "../../ops/stacks";
import type { GroupSeed, UserSeed } from "../../twin/index";
import type { EngineFixture } from "./engine-fixture";

/** Deploys both stacks of the example. @returns the company's stack */
export async function deployCompany(lab: EngineFixture): Promise<Stack> {
  lab.twin.reset(companySeed);
  const open = (name: keyof typeof companyTenants) =>
    lab.stack({ of: companyTenants[name], name, projectFolder: COMPANY_FOLDER });
  const [partner, company] = [await open("fabrikam"), await open("contoso")];
  await partner.up();
  await connectPartner(partner, company);
  await company.up();
  return company;
}

/** Finds a user of the example's directory by first name. */
export function findPerson(name: string): UserSeed {
  const everybody = [...companyDirectory.contoso.users, ...companyDirectory.fabrikam.users];
  const found = everybody.find(({ displayName }) => displayName.startsWith(`${name} `));
  if (!found) throw new Error(`no user is called ${name}`);
  return found;
}

export function findEntraGroup(displayName: string): GroupSeed {
  const found = companyDirectory.contoso.groups.find((group) => group.displayName === displayName);
  if (!found) throw new Error(`no group is called ${displayName}`);
  return found;
}
