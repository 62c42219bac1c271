import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../../config/target";
import type { ListedStack } from "../../../ops/fleet/stack-list";
import type { NewStackContext } from "../../../ops/new-stack/context";
import { collectAnswers, type PresetAnswers } from "../../../ops/new-stack/interview";
import { STACK_QUESTIONS } from "../../../ops/new-stack/questions";

const ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";
const TENANT = "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01";
const good = { stack: "payments", teamName: "contoso", accountId: ACCOUNT, tenantId: TENANT };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "new-stack-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ISSUERS = {
  public: `https://login.microsoftonline.com/${TENANT}/v2.0`,
  usgovernment: `https://login.microsoftonline.us/${TENANT}/v2.0`,
  china: `https://login.partner.microsoftonline.cn/${TENANT}/v2.0`,
};
const REFUSED = "AADSTS90002: Tenant 'x' not found. Check to make sure ...";

interface World {
  /** Who signs the tokens of the tenant, by the cloud that is asked; default: the public one, and the others do not know it. */
  issuers?: Partial<Record<Environment, string>>;
  /** What Cloudflare answers to an account; default: team contoso. */
  organization?: () => Promise<{ auth_domain?: string }>;
  stacks?: Pick<ListedStack, "name" | "target">[];
  env?: NodeJS.ProcessEnv;
}

/** @returns the site, and the clouds of Microsoft's that were asked */
function world({ issuers = { public: ISSUERS.public }, organization, stacks = [], env = {} }: World = {}) {
  const asked: Environment[] = [];
  const list = organization ?? (async () => ({ auth_domain: "contoso.cloudflareaccess.com" }));
  const site = {
    folder,
    env,
    stacks,
    cloudflare: () => ({ zeroTrust: { organizations: { list } } }),
    entra: async (environment: Environment) => {
      asked.push(environment);
      const issuer = issuers[environment];
      if (issuer === "nobody") throw new Error("https://login.example is out of reach");
      return { readOpenIdConfiguration: async () => (issuer ? { issuer } : { refused: REFUSED }) };
    },
  } as unknown as NewStackContext;
  return { site, asked };
}

const answer = (given: PresetAnswers, at: World = {}) => collectAnswers(given, world(at).site);

test("returns valid answers unchanged", async () => {
  expect(await answer(good)).toEqual({ ...good, environment: "public" });
});

test.each([
  [{ stack: "" }, "[name] : must be a name of 1 to 100"],
  [{ stack: "two words" }, 'that begins with a letter or digit; found "two words"'],
  [{ stack: ".." }, 'found ".."'],
  [{ stack: "-C" }, 'found "-C"'],
  [{ stack: "org/name" }, 'found "org/name"'],
  [{ stack: "a".repeat(101) }, "must be a name of 1 to 100"],
  [{ stack: "taken" }, "stack taken already exists"],
  [{ stack: "elsewhere" }, "Pulumi.elsewhere.yaml already exists"],
  [
    { teamName: "contoso.cloudflareaccess.com" },
    "--team contoso.cloudflareaccess.com: must be the Cloudflare team name alone",
  ],
  [{ teamName: "" }, "must be the Cloudflare team name alone"],
  [{ accountId: ACCOUNT.toUpperCase() }, "must be the Cloudflare account id, 32 hexadecimal digits"],
  [{ teamName: "fabrikam" }, "the account must belong to team fabrikam.cloudflareaccess.com; found contoso."],
  [{ tenantId: "common" }, "must be the directory (tenant) id, a GUID, or a domain of the tenant"],
  [{ tenantId: `${TENANT}/x` }, "must be the directory (tenant) id"],
  [{ tenantId: "a b.example" }, "must be the directory (tenant) id"],
])("%j is refused with the reason", async (wrong, reason) => {
  writeFileSync(join(folder, "Pulumi.elsewhere.yaml"), "config: {}\n");
  const stacks = [{ name: "taken", target: {} }];
  await expect(answer({ ...good, ...wrong }, { stacks })).rejects.toThrow(reason);
});

describe("the tenant's cloud", () => {
  test.each(["usgovernment", "china"] as const)(
    "is %s where the public one does not know it",
    async (cloud) => {
      expect(await answer(good, { issuers: { [cloud]: ISSUERS[cloud] } })).toMatchObject({
        tenantId: TENANT,
        environment: cloud,
      });
    },
  );

  test("is that of the issuer, whichever cloud is asked", async () => {
    const { site, asked } = world({ issuers: { public: ISSUERS.usgovernment } });
    expect(await collectAnswers(good, site)).toMatchObject({ environment: "usgovernment" });
    expect(asked).toEqual(["public"]);
  });

  test("is the only one searched when it was given, and must be that of the issuer", async () => {
    const { site, asked } = world({ issuers: { china: ISSUERS.public } });
    await expect(collectAnswers({ ...good, environment: "china" }, site)).rejects.toThrow(
      "the tenant must be in cloud china; found it in public",
    );
    expect(asked).toEqual(["china"]);
  });

  test("is not searched further when the metadata host is set", async () => {
    const { site, asked } = world({ issuers: {}, env: { ARM_METADATA_HOSTNAME: "localhost:8443" } });
    await expect(collectAnswers(good, site)).rejects.toThrow(
      "the tenant does not exist; public: AADSTS90002",
    );
    expect(asked).toEqual(["public"]);
  });

  test("is reported with the response of each cloud when none knows the tenant", async () => {
    await expect(answer(good, { issuers: { china: "nobody" } })).rejects.toThrow(
      /; public: AADSTS90002: Tenant 'x' not found; usgovernment: AADSTS90002: .*; china: https:\/\/login.example is out of reach$/,
    );
  });
});

test.each([
  ["the same", TENANT.toUpperCase(), "contoso", true],
  ["another tenant", "b84d6c12-7e35-4f90-a1c8-52e96f0d3b77", "contoso", false],
  ["another team", TENANT, "fabrikam", false],
])("a stack of %s", async (_which, tenantId, teamName, isRefused) => {
  const stacks = [{ name: "other", target: { tenantId, teamName } }];
  const answers = answer(good, { stacks });
  if (isRefused)
    await expect(answers).rejects.toThrow("stack other already connects that tenant to team contoso");
  else expect(await answers).toMatchObject(good);
});

describe("Cloudflare", () => {
  const failing = (status: number | undefined, code = 10000) => ({
    organization: () =>
      Promise.reject(
        Object.assign(new Error("no"), { status, errors: [{ code, message: "Authentication error" }] }),
      ),
  });

  test("refuses the account: it may be another one", async () => {
    await expect(answer(good, failing(403))).rejects.toMatchObject({
      message: `--account ${ACCOUNT}: Cloudflare 10000: Authentication error`,
      next: [expect.stringContaining("Check CLOUDFLARE_API_TOKEN")],
    });
  });

  test.each([[undefined], [500], [429]])("answers %s: nobody is asked again", async (status) => {
    const ask = jest.fn<Promise<string | undefined>, []>().mockResolvedValueOnce(ACCOUNT);
    const { accountId: _, ...others } = good;
    const asking = collectAnswers(others, world(failing(status)).site, { ask, tell() {} });
    await expect(asking).rejects.toThrow("the account could not be checked: Cloudflare 10000");
    expect(ask).toHaveBeenCalledTimes(1);
  });
});

describe("a person who answers", () => {
  function person(...answers: string[]) {
    const told: string[] = [];
    return {
      told,
      ask: async (question: string) => {
        told.push(question);
        return answers.shift();
      },
      tell: (line: string) => void told.push(line),
    };
  }
  const prompts = Object.fromEntries(STACK_QUESTIONS.map(({ name, prompt }) => [name, prompt]));

  test("is asked only for answers that are not given", async () => {
    const { stack, teamName, ...given } = good;
    const at = person(stack, teamName);
    expect(await collectAnswers(given, world().site, at)).toMatchObject(good);
    expect(at.told).toEqual([prompts.stack, prompts.teamName]);
  });

  test("is asked again for team and account when these do not match", async () => {
    const at = person("fabrikam", ACCOUNT, "contoso", ACCOUNT);
    const { teamName: _, accountId: __, ...given } = good;
    expect(await collectAnswers(given, world().site, at)).toMatchObject(good);
    expect(at.told).toEqual([
      prompts.teamName,
      prompts.accountId,
      expect.stringContaining("found contoso.cloudflareaccess.com"),
      prompts.teamName,
      prompts.accountId,
    ]);
  });

  test("is asked again only for the account when the team is given", async () => {
    const at = person(ACCOUNT.slice(1), ACCOUNT);
    const { accountId: _, ...given } = good;
    expect(await collectAnswers(given, world().site, at)).toMatchObject(good);
    expect(at.told[1]).toContain("32 hexadecimal digits");
  });

  test("is not asked again for an invalid answer that was given as an option", async () => {
    const at = person(ACCOUNT);
    const { accountId: _, ...given } = { ...good, tenantId: "common" };
    await expect(collectAnswers(given, world().site, at)).rejects.toThrow(
      "--tenant common: must be the directory (tenant) id",
    );
  });

  test("may leave", async () => {
    const at = person("payments");
    await expect(collectAnswers({}, world().site, at)).rejects.toThrow(
      "--team is required; nothing was created",
    );
  });
});
