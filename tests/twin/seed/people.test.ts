import { contosoGroups, contosoUsers, devSeed, fabrikamGroups, fabrikamUsers } from "../../../twin/index";
import {
  findGroupsOfMember,
  findTransitiveGroups,
  findUser,
  listTransitiveMembers,
} from "../../../twin/store/entra/directory";
import type { EntraTenant, Group } from "../../../twin/store/entra/tenant";
import { matchesSecretHash } from "../../../twin/store/secrets";
import { createSigningKey, Store } from "../../../twin/store/store";

let contoso: EntraTenant;
let fabrikam: EntraTenant;
beforeAll(async () => {
  const store = new Store(await createSigningKey(), () => new Date("2026-11-01T12:00:00Z"));
  store.reset(devSeed);
  [contoso, fabrikam] = [...store.tenants.values()] as [EntraTenant, EntraTenant];
});

const { ada, ben, chidi, dana, emil, farida, robin } = contosoUsers;
const { engineers, employees, contractors } = contosoGroups;
const ids = (objects: { id: string }[]) => objects.map(({ id }) => id);
const group = (seed: { id: string }) => contoso.groups.get(seed.id) as Group;

test("each tenant has its own users and groups", () => {
  expect([...contoso.users.keys()]).toEqual(ids([ada, ben, chidi, dana, farida, emil, robin]));
  expect([...contoso.groups.keys()]).toEqual(ids([engineers, employees, contractors]));
  expect([...fabrikam.users.keys()]).toEqual(ids([fabrikamUsers.robin, fabrikamUsers.sana]));
  expect([...fabrikam.groups.keys()]).toEqual([fabrikamGroups.engineers.id]);
});

test("ids are unique, and members and owners exist", () => {
  const objects = devSeed.tenants.flatMap((tenant) => [...(tenant.users ?? []), ...(tenant.groups ?? [])]);
  expect(new Set(ids(objects)).size).toBe(objects.length);
  for (const tenant of [contoso, fabrikam]) {
    const known = [...tenant.users.keys(), ...tenant.groups.keys()];
    for (const { members, owners } of tenant.groups.values()) {
      expect(known).toEqual(expect.arrayContaining([...members, ...owners]));
    }
  }
});

test("finds a user by id or name, ignoring case, within the tenant", () => {
  expect(findUser(contoso, ada.id.toUpperCase())?.displayName).toBe("Ada Berg");
  expect(findUser(contoso, "ADA@contoso.onmicrosoft.com")?.id).toBe(ada.id);
  expect(findUser(contoso, robin.userPrincipalName)).toMatchObject({ id: robin.id, userType: "Guest" });
  expect(findUser(fabrikam, ada.id)).toBeUndefined();
});

test("stores passwords as hashes, and none for guests", () => {
  const hash = contoso.users.get(ada.id)?.passwordHash;
  expect(hash && matchesSecretHash(hash, ada.password ?? "")).toBe(true);
  expect(JSON.stringify([...contoso.users.values()])).not.toContain("not-a-real-password");
  expect(contoso.users.get(robin.id)?.passwordHash).toBeUndefined();
});

test("includes nested groups in memberships", () => {
  expect(ids(findGroupsOfMember(contoso, ben.id))).toEqual([engineers.id]);
  expect(ids(findTransitiveGroups(contoso, ben.id))).toEqual([engineers.id, employees.id]);
  expect(findTransitiveGroups(contoso, dana.id)).toEqual([]);
  expect(listTransitiveMembers(contoso, group(employees))).toEqual(ids([chidi, emil, engineers, ada, ben]));
});

test("handles groups that contain each other", () => {
  group(engineers).members.push(employees.id);
  expect(ids(findTransitiveGroups(contoso, chidi.id))).toEqual([employees.id, engineers.id]);
  expect(new Set(listTransitiveMembers(contoso, group(engineers)))).toEqual(
    new Set(ids([ada, ben, employees, chidi, emil, engineers])),
  );
  group(engineers).members.pop();
});
