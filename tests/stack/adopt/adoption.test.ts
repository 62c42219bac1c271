import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordAdoption, runAdoption } from "../../../ops/adopt/adopt";
import { planAdoption } from "../../../ops/adopt/plan";
import { readAdoptionRecord } from "../../../ops/adopt/record";
import { undoAdoption } from "../../../ops/adopt/undo";
import type { Clouds } from "../../../ops/clients/clouds";
import { connectClouds } from "../../../ops/clients/deployer";
import type { Stack } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
import { contoso, contosoUsers } from "../../../twin/index";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";
import { type MadeByHand, makeByHand } from "../../support/made-by-hand";
import { Browser } from "../../twin/entra/browser";

const lab = useEngineFixture();
let administrator: Clouds;
let directory: string;
let browser: Browser;
let made: MadeByHand;
beforeEach(async () => {
  lab.twin.reset();
  lab.twin.faults.clear();
  directory = mkdtempSync(join(tmpdir(), "entra-access-adoption-"));
  browser = new Browser(lab.twin);
  administrator = await lab.administrator();
  made = await makeByHand(administrator);
  lab.twin.secretDelaySeconds = 5;
});
afterEach(async () => {
  await browser.close();
  rmSync(directory, { recursive: true });
});

/** Signs in on the page that tests the identity provider. @returns "works" or the page */
async function signIn(): Promise<string> {
  const { teamName } = contoso;
  const path = `/cdn-cgi/access/test-idp/${made.identityProviderId}`;
  let shown = await browser.go(lab.twin.browserUrlOf(`https://${teamName}.cloudflareaccess.com${path}`));
  if (shown.html.includes('name="user"')) shown = await browser.signIn(contosoUsers.ada);
  return shown.html.includes("Your connection works!") ? "works" : shown.html;
}

/** Signs in after every request of the plugins. @returns the distinct outcomes */
async function signInsDuring<T>(run: Promise<T>): Promise<{ met: Set<string>; result: T }> {
  const met = new Set([await signIn()]);
  note = (said) => met.add(said);
  const result = await run.finally(() => {
    note = undefined;
  });
  return { met, result };
}

let note: ((said: string) => void) | undefined;
let turn = Promise.resolve();
const afterEachRequest = () => {
  if (!note) return Promise.resolve();
  turn = turn.then(async () => note?.(await signIn()));
  return turn;
};

const waits: string[] = [];
const openStack = () =>
  lab.stack({
    directory,
    afterEachRequest,
    context: {
      // The twin's time passes only where the program waits for the new secret.
      wait: async (milliseconds) => {
        waits.push(await signIn());
        lab.twin.clock.advance(milliseconds / 1000);
      },
    },
  });
const deployer = async (stack: Stack) => connectClouds(await stack.providerSettings());
const silent = new Progress({ write: () => true });

async function adopt(stack: Stack) {
  const { candidate, report } = await planAdoption(stack, await deployer(stack));
  if (!candidate) throw new Error(JSON.stringify(report));
  return runAdoption(stack, await recordAdoption(stack, candidate, report), silent);
}

/** Defaults that the azuread provider writes out in any update. */
const writtenOut = {
  api: {
    acceptMappedClaims: false,
    knownClientApplications: [],
    oauth2PermissionScopes: [],
    preAuthorizedApplications: [],
    requestedAccessTokenVersion: 1,
  },
  isDeviceOnlyAuthSupported: false,
  isFallbackPublicClient: false,
};

async function inClouds() {
  const { graph, cloudflare, accountId } = administrator;
  const application = await graph.api(`/applications/${made.applicationObjectId}`).get();
  const { value: owners } = await graph
    .api(`/servicePrincipals/${made.servicePrincipalObjectId}/owners`)
    .get();
  const { updated_at, version, ...provider } = (await cloudflare.zeroTrust.identityProviders.get(
    made.identityProviderId,
    { account_id: accountId },
  )) as unknown as Record<string, unknown>;
  const { passwordCredentials, ...others } = application;
  return {
    keys: passwordCredentials.map(({ keyId }: { keyId: string }) => keyId) as string[],
    rest: { application: others, owners: owners.map(({ id }: { id: string }) => id).sort(), provider },
  };
}

test("people can sign in throughout an adoption, its rotation and its undo", async () => {
  lab.twin.clock.advance(60);
  const stack = await openStack();
  const before = await inClouds();
  const settings = readFileSync(stack.settingsFile, "utf8");
  waits.length = 0;
  expect(await signIn()).toBe("works");

  const { met, result } = await signInsDuring(adopt(stack));
  expect(formatChanges(result.run.changes)).toEqual([
    "create entra-credential",
    "import entra-admin-consent",
    "import entra-application",
    "import entra-identity-provider",
    "import entra-service-principal",
    expect.stringMatching(/^update entra-application preventDuplicateNames tags/),
    expect.stringMatching(/^update entra-identity-provider config.clientSecret/),
  ]);
  expect(result.remainingChanges).toEqual([]);
  expect(new Set([...met, ...waits, await signIn()])).toEqual(new Set(["works"]));
  // The secret was not accepted at once; without the probe, sign-in would have failed with AADSTS7000215.
  expect(waits.length).toBeGreaterThanOrEqual(1);
  // The existing secret stays and is reported.
  const adopted = await inClouds();
  expect(adopted.keys).toEqual([made.keyId, result.deployed?.keyId]);
  expect(result.clientSecretIssues).toEqual([
    expect.objectContaining({ kind: "added by hand", keyId: made.keyId }),
  ]);
  expect(adopted.rest.provider).toEqual({
    ...before.rest.provider,
    config: {
      ...(before.rest.provider.config as object),
      pkce_enabled: false,
      conditional_access_enabled: false,
    },
  });

  const record = readAdoptionRecord(stack);
  if (!record) throw new Error("no record");
  const forgetting = await signInsDuring(undoAdoption(stack, record, await deployer(stack)));
  expect(forgetting.result).toEqual([expect.stringContaining(String(result.deployed?.keyId))]);
  expect((await stack.export()).deployment.resources ?? []).toEqual([]);
  expect(readFileSync(stack.settingsFile, "utf8")).toBe(settings);
  expect(readdirSync(join(directory, "project")).filter((file) => file.startsWith("adopted"))).toEqual([]);
  const after = await inClouds();
  expect(after.rest.application).toEqual({ ...(before.rest.application as object), ...writtenOut });
  expect(after.rest.owners).toEqual(before.rest.owners);
  expect(after.keys).toEqual(adopted.keys);
  expect(new Set([...forgetting.met, await signIn()])).toEqual(new Set(["works"]));
});

test("an adoption that Cloudflare interrupts locks nobody out, and the next run resumes it; undo refuses once the stack has created others", async () => {
  lab.twin.clock.advance(60);
  const stack = await openStack();
  lab.twin.faults.add({
    on: { service: "cloudflare", method: "PUT" },
    count: { first: 1 },
    effect: { kind: "error", status: 404 },
  });
  await expect(adopt(stack)).rejects.toThrow(/^up failed: /);
  expect(await signIn()).toBe("works");
  const record = readAdoptionRecord(stack);
  if (!record) throw new Error("no record");
  const { remainingChanges, deployed } = await runAdoption(stack, record, silent);
  expect(remainingChanges).toEqual([]);
  // The secret that was made the first time is the one that is sent.
  expect((await inClouds()).keys).toEqual([made.keyId, deployed?.keyId]);
  expect(await signIn()).toBe("works");

  await stack.configure({
    "entra-access:access": { groups: { me: { include: { emails: ["ada@contoso.com"] } } } },
  });
  await stack.up();
  await expect(undoAdoption(stack, record, await deployer(stack))).rejects.toMatchObject({
    message: "the stack must have no resources that it created after the adoption",
    next: [expect.stringContaining("me"), expect.anything()],
  });
  const { application } = (await inClouds()).rest;
  expect(application).toMatchObject({ tags: ["entra-access:entra-access/test"] });
});
