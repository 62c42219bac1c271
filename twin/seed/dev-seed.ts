import { createOrganization } from "./organizations";
import { contosoGroups, contosoUsers, fabrikamGroups, fabrikamUsers } from "./people";
import type { Seed } from "./seed";

/** The tenant and account that stack `dev` deploys to. Every secret is invented. */
export const contoso = createOrganization({
  name: "Contoso",
  tenantId: "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01",
  accountId: "023e105f4ecef8ad9ca31a8372d0c353",
  teamName: "contoso",
  appIds: {
    deployer: "d3b07384-d9a0-4c9b-8f3e-1c2d3e4f5a6b",
    administrator: "5b0d1f6e-2c47-4d0a-9e38-7a61c8f4b210",
    auditor: "9c2e4a71-6f83-4b5d-8a10-e7d2c5b39f64",
  },
  users: Object.values(contosoUsers),
  groups: Object.values(contosoGroups),
});

/** A second tenant and account, for tests with several stacks. */
export const fabrikam = createOrganization({
  name: "Fabrikam",
  tenantId: "b84d6c12-7e35-4f90-a1c8-52e96f0d3b77",
  accountId: "7a1b2c3d4e5f60718293a4b5c6d7e8f9",
  teamName: "fabrikam",
  appIds: {
    deployer: "e1f7a930-48b6-4c2d-b5e9-0d8c36a4f152",
    administrator: "3d96e0b8-15fa-4e7c-92d4-c8b7105ea63f",
    auditor: "a70c58d3-94e1-4b26-8f0d-61b2e9c7543a",
  },
  users: Object.values(fabrikamUsers),
  groups: Object.values(fabrikamGroups),
});

/** The twin's default contents: {@link contoso} and {@link fabrikam}. */
export const devSeed: Seed = {
  tenants: [contoso.tenant, fabrikam.tenant],
  accounts: [contoso.account, fabrikam.account],
};
