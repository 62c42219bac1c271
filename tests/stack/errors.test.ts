import { findHint } from "../../ops/errors";
import { explainRefusal } from "../../ops/permissions/refusal";
import { StackError } from "../../ops/stacks";
import { contoso, devSeed } from "../../twin/index";
import type { StackSetup } from "../support/engine-fixture";
import { useEngineFixture } from "../support/engine-fixture";

const lab = useEngineFixture();

test.each<[string, StackSetup, RegExp]>([
  [
    "a wrong setting",
    {
      config: {
        "entra-access:teamName": "contoso.cloudflareaccess.com",
        "entra-access:tenantId": "x",
        "entra-access:permissions": { names: ["Group.Read.Al"] },
      },
    },
    /3 problems in the stack's configuration:\n {2}entra-access:tenantId must be .*\n {2}entra-access:teamName must be .*\n.*Did you mean "Group.Read.All"/,
  ],
  [
    "another tenant than the one signed in to",
    { config: { "entra-access:tenantId": "00000000-0000-4000-8000-000000000000" } },
    /tenantId must be 6f1c2a4e.* signed in to; found 00000000/,
  ],
  ["a wrong client secret of the deployer", { env: { ARM_CLIENT_SECRET: "wrong" } }, /AADSTS7000215/],
  [
    "a wrong Cloudflare token",
    { env: { CLOUDFLARE_API_TOKEN: "a".repeat(40) } },
    /Could not read the Cloudflare organization.*10000/s,
  ],
  [
    "a Cloudflare token of the wrong shape",
    { env: { CLOUDFLARE_API_TOKEN: "short" } },
    /apiToken|api_token|API token/,
  ],
])("%s stops up before anything is made, without a stack trace", async (_case, setup, cause) => {
  const error = await lab.failure("up", setup);
  expect([error.message, ...error.causes].join("\n")).toMatch(cause);
  expect(error.result.output).not.toMatch(/\n\s+at .*:\d+:\d+/);
  expect(error.result.changes.filter(({ op }) => op !== "create")).toEqual([]);
  const made = lab.twin.requests.filter(({ method, service }) => method !== "GET" && service !== "login");
  expect(made).toEqual([]);
});

describe("on the way", () => {
  afterEach(() => lab.twin.reset());

  test("an application of the same name that is not the stack's is refused at preview, with this error alone", async () => {
    const { graph } = await lab.administrator();
    await graph.api("/applications").post({ displayName: "Cloudflare Access (contoso)" });
    const error = await lab.failure("preview");
    expect(error.message).toMatch(/existing "azuread_application" with name "Cloudflare Access \(contoso\)"/);
    expect(error.causes).toHaveLength(1);
    expect(error.result.output).not.toMatch(/nhandled|invocation of/);
  });

  test("a look-up that fails stops up before anything is made, and says why", async () => {
    lab.twin.faults.add({
      on: { service: "graph", method: "GET", path: "/v1.0/servicePrincipals" },
      count: { first: 1 },
      effect: { kind: "reset", when: "after" },
    });
    const error = await lab.failure("up");
    expect(error.causes).toEqual([
      expect.stringMatching(/^Could not read the service principal of Microsoft Graph: .*finding service/i),
    ]);
    expect(error.result.changes.filter(({ op }) => op !== "create")).toEqual([]);
  });

  test.each([
    [
      { longestDays: 30 },
      /CredentialInvalidLifetimeAsPerAppPolicy: Credential lifetime exceeds/,
      "credential.longestDays",
    ],
    [{ forbidden: true }, /CredentialTypeNotAllowedAsPerAppPolicy/, "exception"],
  ])("a tenant's policy on client secrets, %j, is a clear error", async (passwordPolicy, cause, advice) => {
    const tenants = devSeed.tenants.map((tenant) => ({ ...tenant, passwordPolicy }));
    lab.twin.reset({ ...devSeed, tenants });
    const error = await lab.failure("up");
    expect(error.message).toMatch(cause);
    expect(findHint(error.message)?.advice).toContain(advice);
  });

  test("a token that may only read fails at the identity provider, and the state knows what was made", async () => {
    const error = await lab.failure("up", { env: { CLOUDFLARE_API_TOKEN: contoso.tokens.auditor.value } });
    expect(error.message).toMatch(/403 Forbidden.*10000/s);
    const settings = { config: { "entra-access:accountId": contoso.accountId }, env: {} };
    const failed = new StackError("up", error.causes, error.result);
    expect(await explainRefusal(failed, "deploy", async () => settings)).toMatch(
      /^If the Cloudflare token is one for account 023e\w+, it lacks "Access: Organizations, Identity Providers, and Groups Write"\. .*023e105f/,
    );
    const made = (await error.state()).resources ?? [];
    expect(made.some(({ urn }) => urn.endsWith("::entra-credential"))).toBe(true);
    expect(made.some(({ urn }) => urn.endsWith("::entra-identity-provider"))).toBe(false);
  });
});
