import { accessSeed } from "../support/access-seed";
import { formatChanges, useEngineFixture } from "../support/engine-fixture";

const lab = useEngineFixture(accessSeed);

test("justification, approval and tags come up as declared, stay so, and go again", async () => {
  const { cloudflare, accountId } = await lab.administrator();
  await cloudflare.zeroTrust.access.tags.create({ account_id: accountId, name: "money" });
  const access = (asks: object, tags: object) => ({
    "entra-access:access": {
      groups: { employees: { include: { entraGroups: ["Employees"] } } },
      policies: { employees: { include: ["employees"], ...asks } },
      applications: { books: { hostnames: ["books.contoso.example"], policies: ["employees"], ...tags } },
    },
  });
  const asks = {
    justification: "Which ticket?",
    approval: { approvers: ["boss@contoso.example"], needed: 1 },
  };
  const stack = await lab.stack({ config: access(asks, { tags: ["money"] }) });
  await stack.up();
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
  const { result } = await cloudflare.zeroTrust.access.policies.list({ account_id: accountId });
  expect(result).toMatchObject([
    {
      purpose_justification_prompt: "Which ticket?",
      approval_groups: [{ approvals_needed: 1, email_addresses: ["boss@contoso.example"] }],
    },
  ]);
  await stack.configure(access({}, {}));
  await stack.up();
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
  const plain = await cloudflare.zeroTrust.access.policies.list({ account_id: accountId });
  expect(plain.result).toMatchObject([{ approval_required: false, purpose_justification_required: false }]);
});
