import { randomUUID } from "node:crypto";
import { devSeed, type Seed } from "../twin/index";

const GROUPS = 1000;

/**
 * The ordinary seed, with Contoso grown by so many objects: three tenths applications, each with its service principal,
 * a thousand groups, and people, each in one of them.
 */
export function crowd(objects: number): Seed {
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
