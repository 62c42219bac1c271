import type { AccessSelection } from "../../../ops/adopt/access/select";
import { selectUnchangedAccess } from "../../../ops/adopt/access/select-unchanged";
import { classifyChanges } from "../../../ops/adopt/classify";
import type { AccountAccess } from "../../../ops/clients/account-access";
import { type ConfigValues, StackError } from "../../../ops/stacks";
import type { ResourceChange } from "../../../ops/stacks/run/changes";

const identityProviderId = "idp";
const group = { id: "people", name: "Staff", include: [{ email_domain: { domain: "contoso.example" } }] };
const login = { require: [{ login_method: { id: identityProviderId } }] };
const policy = { id: "p", name: "Staff", decision: "allow", include: [{ group: { id: "people" } }] };
const application = (id: string, domain = `${id}.contoso.example`) => ({
  id,
  name: id,
  type: "self_hosted",
  domain,
  policies: [{ id: "p", precedence: 1 }],
  allowed_idps: [identityProviderId],
  auto_redirect_to_identity: true,
  app_launcher_visible: true,
  http_only_cookie_attribute: true,
});
const accountWith = (...applications: AccountAccess["applications"]): AccountAccess => ({
  groups: [{ ...group, ...login }],
  policies: [policy],
  applications,
  unreadable: [],
});
const ten = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map((id) => application(id));

const settings = ({ settings: access }: AccessSelection): ConfigValues => ({
  "entra-access:tenantId": "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01",
  "entra-access:accountId": "023e105f4ecef8ad9ca31a8372d0c353",
  "entra-access:teamName": "contoso",
  "entra-access:access": access,
});
const updateOf = (name: string, path: string, to: string): ResourceChange => ({
  op: "update",
  type: "",
  urn: "",
  name,
  properties: [{ path, to }],
});
const select = (
  access: AccountAccess,
  preview: (selection: AccessSelection) => readonly ResourceChange[] = () => [],
) =>
  selectUnchangedAccess(access, identityProviderId, new Map(), {
    settings,
    preview: async (selection) => preview(selection),
  });
const idsOf = ({ imports }: AccessSelection) => imports.map(({ id }) => id);

describe("one odd application among ten", () => {
  const others = ten.slice(0, 9);
  const all = ["people", "p", ...others.map(({ id }) => id)];

  it("leaves out one whose setting the program refuses, with the rule, without a preview that fails", async () => {
    const odd = application("odd", "odd.contoso.example/admin");
    const { selection, refused } = await select(accountWith(...others.slice(0, 4), odd, ...others.slice(4)));
    expect([idsOf(selection), refused]).toEqual([all, []]);
    expect(selection.skipped).toEqual([
      expect.stringMatching(
        /^Access application "odd" \(odd\): its hostnames.0 must be on a host that is protected as a whole; found "odd.contoso.example\/admin"/,
      ),
    ]);
  });

  it("leaves out a policy that the program refuses, and what refers to it, each with its own reason", async () => {
    const open = {
      ...group,
      ...login,
      id: "open",
      include: [{ email_domain: { domain: "gmail.com" } }],
      name: "Open",
    };
    const access = accountWith(...others);
    const policies = [policy, { ...policy, id: "q", name: "Other", include: [{ group: { id: "open" } }] }];
    const { selection } = await select({ ...access, groups: [...access.groups, open], policies });
    expect(idsOf(selection)).toEqual(all);
    expect(selection.skipped).toEqual([
      expect.stringMatching(
        /^Access group "Open" \(open\): its include.emailDomains.0 must be a domain of your own/,
      ),
      'Access policy "Other" (q): its Access group open is not imported',
    ]);
  });

  it("leaves out those at which a preview fails, each with its cause", async () => {
    const failing = ["c", "h"];
    const { selection } = await select(accountWith(...ten), ({ imports }) => {
      const first = imports.find(({ id, kind }) => kind === "accessApplication" && failing.includes(id));
      if (first)
        throw new StackError("preview", [`the plugin refuses ${first.id}`], { changes: [] } as never);
      return [];
    });
    expect(idsOf(selection)).toEqual(["people", "p", "a", "b", "d", "e", "f", "g", "i", "j"]);
    expect(selection.skipped).toEqual(
      failing.map((id) => `Access application "${id}" (${id}): up would fail: the plugin refuses ${id}`),
    );
  });

  it("throws where a preview fails without any of them", async () => {
    const failure = new StackError("preview", ["no engine"], { changes: [] } as never);
    const preview = () => {
      throw failure;
    };
    await expect(select(accountWith(...ten), preview)).rejects.toBe(failure);
  });
});

describe("a policy with the session duration of its application", () => {
  const longer = { ...application("a"), session_duration: "8h" };

  it.each([
    ["its application's", "8h", []],
    ["another", "24h", ["up would change sessionDuration"]],
  ])("is taken where up would set %s duration", async (_case, to, reasons) => {
    const preview = ({ imports }: AccessSelection) =>
      imports.some(({ id }) => id === "p")
        ? [updateOf("access-policy-staff", "sessionDuration", JSON.stringify(to))]
        : [];
    const { selection } = await select(accountWith(longer), preview);
    expect(selection.skipped.slice(0, 1)).toEqual(
      reasons.map((reason) => `Access policy "Staff" (p): ${reason}`),
    );
  });

  it("is taken where its applications have one duration in two notations", async () => {
    const other = { ...application("b"), session_duration: "8h0m" };
    const { selection } = await select(accountWith(longer, other));
    expect(selection.skipped).toEqual([]);
  });

  it("is left out where its applications differ", async () => {
    const { selection } = await select(accountWith(longer, application("b")));
    expect(selection.skipped).toEqual([
      'Access policy "Staff" (p): it takes the session duration of its applications, which differ (8h, 24h)',
      'Access application "a" (a): its policy p is not imported',
      'Access application "b" (b): its policy p is not imported',
    ]);
  });
});

it("reports settings outside the access rules that the program refuses, without a preview", async () => {
  const preview = jest.fn(async () => []);
  const { refused } = await selectUnchangedAccess(accountWith(...ten), identityProviderId, new Map(), {
    settings: (selection) => ({
      ...settings(selection),
      "entra-access:application": { displayName: "x".repeat(121) },
    }),
    preview,
  });
  expect(refused).toEqual([
    {
      path: "application.displayName",
      problem: expect.stringMatching(/^must be a text of 1 to 120 characters .*; found "x/),
    },
  ]);
  expect(preview).not.toHaveBeenCalled();
});

it("allows what the official cloudflare reports without a difference: off instead of unset, and an equal block", () => {
  const change = (properties: ResourceChange["properties"]): ResourceChange => ({
    op: "update",
    type: "",
    urn: "",
    name: "entra-identity-provider",
    properties,
  });
  const blockersOf = (...properties: ResourceChange["properties"]) =>
    classifyChanges([change(properties)]).blockers.map(({ subject }) => subject);
  expect(blockersOf({ path: "scimConfig" }, { path: "approvalRequired", from: "false" })).toEqual([]);
  expect(blockersOf({ path: "config.prompt", from: '"login"' })).toEqual([
    "entra-identity-provider config.prompt",
  ]);
});
