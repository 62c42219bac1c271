import { createCloudflareClient } from "../../ops/clients/cloudflare";
import { checkAccount } from "../../ops/drift/account/check";
import { formatDriftLines } from "../../ops/drift/format";
import { checkStack } from "../../ops/drift/stack/check";
import { attributeDifferences, createMember, planAccountChecks } from "../../ops/fleet/accounts";
import type { Stack } from "../../ops/stacks";
import { contoso, type Seed } from "../../twin/index";
import { accessSeed } from "../support/access-seed";
import { setClockToNow, useEngineFixture } from "../support/engine-fixture";

const ana = {
  name: "laptop",
  value: "ana_at_contoso_not_a_real_token".padEnd(40, "0"),
  permissions: contoso.tokens.administrator.permissions,
  user: "ana@contoso.example",
};
const seed: Seed = {
  ...accessSeed,
  accounts: accessSeed.accounts.map((account) => ({
    ...account,
    tokens: [
      ...account.tokens.map((token) =>
        token.name === "deployer"
          ? { ...token, permissions: [...token.permissions, "Account Settings Read"] }
          : token,
      ),
      ana,
    ],
  })),
};
const access = {
  groups: { staff: { include: { emails: ["ada@contoso.example"] } } },
  policies: { staff: { include: ["staff"] } },
  applications: {
    wiki: { hostnames: ["wiki.contoso.example"], policies: ["staff"] },
    git: { hostnames: ["git.contoso.example"], policies: ["staff"] },
  },
};

const lab = useEngineFixture(seed);
let stack: Stack;
beforeAll(async () => {
  stack = await lab.stack({ config: { "entra-access:access": access } });
  await stack.up();
  setClockToNow(lab);
});

/** Checks one stack and its account as `drift` does. */
async function drift() {
  const stackCheck = await checkStack(stack);
  const [planned] = planAccountChecks([createMember(stackCheck)], []);
  if (!planned) throw new Error(`the stack could not be checked: ${stackCheck.drift.cause}`);
  const account = await checkAccount(stack, planned.query);
  return { lines: formatDriftLines(attributeDifferences(stackCheck, account.entries)), ...account.drift };
}

test("reports when and by whom objects of each kind were changed and deleted, but not the stack's own changes", async () => {
  const { lines, unmanaged } = await drift();
  expect([lines, unmanaged]).toEqual([[], []]);

  const { accountId: account_id } = contoso;
  const client = createCloudflareClient({ baseUrl: lab.twin.cloudflareUrl, apiToken: ana.value });
  const { groups, policies, applications } = client.zeroTrust.access;
  const idsOf = async (list: AsyncIterable<{ id?: string; name?: string }>) => {
    const ids: Record<string, string> = {};
    for await (const { id, name } of list) ids[String(name)] = String(id);
    return ids;
  };
  const include = [{ email: { email: "eve@elsewhere.example" } }];
  const [group] = Object.values(await idsOf(groups.list({ account_id })));
  await groups.update(String(group), { account_id, name: "Anybody", include });
  const [[name, policy] = ["", ""]] = Object.entries(await idsOf(policies.list({ account_id })));
  const rules = [{ group: { id: String(group) } }];
  await policies.update(policy, {
    account_id,
    name,
    decision: "allow",
    include: rules,
    session_duration: "720h",
  });
  const apps = await idsOf(
    applications.list({ account_id }) as AsyncIterable<{ id?: string; name?: string }>,
  );
  const [wiki = "", git = ""] = ["wiki", "git"].map((one) => apps[one] ?? "");
  const body = { account_id, type: "self_hosted" as const, domain: "wiki.contoso.example" };
  await applications.update(wiki, { ...body, name: "Wiki by hand" });
  await applications.delete(git, { account_id });

  const changedLines = (await drift()).lines.map((line) =>
    line.replace(/since [\d-]+T[\d:.]+Z/, "since then"),
  );
  const by = (activity: string) => `; since then, last by ana@contoso.example: ${activity}`;
  expect(changedLines).toContainEqual(
    expect.stringMatching(/^access-group-staff name: expected .*, actual "Anybody"/),
  );
  for (const [resource, ending] of [
    ["access-group-staff", by("update groups")],
    ["access-policy-staff sessionDuration", by("update policies")],
    ["access-application-wiki name", by("update apps")],
    ["access-application-git: deleted", by("delete apps")],
  ]) {
    const about = changedLines.filter((line) => line.startsWith(String(resource)));
    expect([resource, about.length > 0]).toEqual([resource, true]);
    for (const line of about) expect(line.endsWith(String(ending)) ? line : [line, ending]).toBe(line);
  }
  for (const line of changedLines) expect(line).toContain("last by ana@contoso.example");
});
