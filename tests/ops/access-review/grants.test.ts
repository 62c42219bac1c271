import type { Directory } from "../../../ops/access-review/decision/model";
import { listGrantTables } from "../../../ops/access-review/report/grants";
import { createReport } from "../../../ops/access-review/report/report";
import { createApplication, createReview, directory, entraGroup, named, policy } from "./review-fixture";

const group = (id: string, people: number[]) =>
  [id, { id, name: `Group ${id}`, people: Int32Array.from(people), groups: [] }] as const;
const people: Directory = {
  ...directory,
  groups: new Map([...directory.groups, group("empty", []), group("disabled", [3])]),
};
const groups = [
  named("staff", { include: [entraGroup("outer"), entraGroup("empty")], exclude: [entraGroup("blocked")] }),
  named("guests", {
    include: [{ email: { email: "cora@contoso.example" } }, { geo: { country_code: "DE" } }],
  }),
];
const staff = policy("staff", { include: [{ group: { id: "staff" } }] });
const guests = policy("guests", { include: [{ group: { id: "guests" } }, entraGroup("disabled")] });
const blocked = policy("blocked", { include: [entraGroup("blocked")] });
const block = policy("block", { decision: "deny", include: [entraGroup("blocked")] });
const all = policy("all", { include: [{ everyone: {} }] });

const list = (...applications: ReturnType<typeof createApplication>[]) =>
  createReport([createReview(applications, { groups, people })], {
    stacks: ["payments"],
    rules: "enforced",
    madeAt: "2026-11-28T10:00:00.000Z",
  }).grants;

it("counts the people by rule, unused ones first, and joins what applications have in common", () => {
  const wiki = createApplication([staff, guests], { id: "wiki", name: "wiki" });
  const chat = createApplication([staff, all], { id: "chat", name: "chat" });
  expect(list(wiki, chat)).toEqual([
    {
      policy: "staff",
      because: 'Access group "staff": Entra group "Group empty"',
      members: 0,
      disabled: 0,
      people: 0,
      applications: ["wiki", "chat"],
    },
    {
      policy: "guests",
      because: 'Entra group "Group disabled"',
      members: 1,
      disabled: 1,
      people: 0,
      applications: ["wiki"],
    },
    { policy: "all", because: "everyone", members: 4, disabled: 1, people: 3, applications: ["chat"] },
    {
      policy: "guests",
      because: 'Access group "guests": address cora@contoso.example',
      members: 1,
      disabled: 0,
      people: 1,
      applications: ["wiki"],
    },
    {
      policy: "staff",
      because: 'Access group "staff": Entra group "Group outer"',
      members: 2,
      disabled: 0,
      people: 1,
      applications: ["wiki", "chat"],
    },
  ]);
});

it("finds a grant unused whose members an earlier policy blocks, and says why nobody gets in", () => {
  const grants = list(createApplication([block, blocked, guests], { name: "wiki" }));
  expect(listGrantTables({ grants })).toEqual([
    {
      title: "Unused grants",
      rows: [
        ['policy "blocked", Entra group "Group blocked"', "0: none of 1 member gets in", "wiki"],
        ['policy "guests", Entra group "Group disabled"', "0: 1 member, disabled", "wiki"],
      ],
    },
    {
      title: "Largest grants",
      rows: [['policy "guests", Access group "guests": address cora@contoso.example', "1", "wiki"]],
    },
  ]);
});

it("does not count members at an identity provider that the application does not allow", () => {
  expect(list(createApplication([staff], { allowedProviders: ["another"] }))).toMatchObject([
    { members: 0, people: 0 },
    { members: 0, people: 0 },
  ]);
});

it("shows 20 grants and three names of applications at most", () => {
  const grants = Array.from({ length: 21 }, (_, index) => ({
    policy: `p${index}`,
    because: "everyone",
    members: 5,
    disabled: 0,
    people: 5,
    applications: ["a", "b", "c", "d", "e"],
  }));
  const [table] = listGrantTables({ grants });
  expect([table?.title, table?.rows.length, table?.rows[0]?.[2]]).toEqual([
    "Largest grants (20 of 21)",
    20,
    "a, b, c, 2 more",
  ]);
});
