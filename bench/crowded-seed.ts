import { randomUUID } from "node:crypto";
import { devSeed, type Seed } from "../twin/index";

const GROUPS = 1000;

/**
 * Creates the default seed with so many more objects in Contoso: 30 % applications and as many service principals, a
 * thousand groups, and users, each in one group.
 */
export function createCrowdedSeed(objects: number): Seed {
  const [contoso, ...others] = devSeed.tenants;
  if (!contoso) throw new Error("the seed has no tenant");
  const applications = Array.from({ length: Math.round(objects * 0.3) }, (_, i) => ({
    appId: randomUUID(),
    displayName: `application-${i}`,
    secret: `secret-${i}`,
    permissions: [],
  }));
  const users = Array.from({ length: objects - 2 * applications.length - GROUPS }, (_, i) => ({
    id: randomUUID(),
    userPrincipalName: `person-${i}@${contoso.domain}`,
    displayName: `Person ${i}`,
  }));
  const groups = Array.from({ length: GROUPS }, (_, i) => ({
    id: randomUUID(),
    displayName: `Group ${i}`,
    members: users.filter((_, person) => person % GROUPS === i).map(({ id }) => id),
  }));
  const grown = {
    ...contoso,
    principals: [...contoso.principals, ...applications],
    users: [...(contoso.users ?? []), ...users],
    groups: [...(contoso.groups ?? []), ...groups],
  };
  return { ...devSeed, tenants: [grown, ...others] };
}
