import { contoso, devSeed, type GroupSeed, type Seed, type UserSeed } from "../twin/index";

export interface ReviewSize {
  readonly people: number;
  readonly groups: number;
  readonly applications: number;
}

const createId = (kind: number, index: number) =>
  `${kind}0000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
export const createGroupId = (index: number) => createId(2, index);

/**
 * Creates Contoso with so many people, a twentieth of them guests and a thirtieth disabled, and groups: the larger the
 * lower their number, a third of them inside another one, and some in a circle.
 */
export function createReviewSeed({ people, groups }: ReviewSize): Seed {
  const users = Array.from({ length: people }, (_, index): UserSeed => {
    const isGuest = index % 20 === 0;
    return {
      id: createId(1, index),
      displayName: `Person ${index}`,
      mail: `person-${index}@${isGuest ? "partner.example" : "contoso.example"}`,
      userPrincipalName: isGuest
        ? `person-${index}_partner.example#EXT#@${contoso.domain}`
        : `person-${index}@${contoso.domain}`,
      ...(isGuest && { userType: "Guest" as const }),
      accountEnabled: index % 30 !== 7,
    };
  });
  const all = Array.from({ length: groups }, (_, index): GroupSeed => {
    const size = Math.min(people, Math.ceil(people / (index + 2)));
    const members = Array.from({ length: size }, (_, member) =>
      createId(1, (index * 7919 + member) % people),
    );
    const inner = [3 * index + 1, 3 * index + 2].filter((other) => other < groups / 3 && other !== index);
    const circle = index > 0 && index % 100 === 0 ? [createGroupId(index / 100)] : [];
    return {
      id: createGroupId(index),
      displayName: `Group ${index}`,
      members: [...members, ...inner.map(createGroupId), ...circle],
    };
  });
  const tenants = devSeed.tenants.map((tenant) =>
    tenant.id === contoso.tenantId ? { ...tenant, users, groups: all } : tenant,
  );
  return { ...devSeed, tenants };
}
