import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { begin, carryOut } from "../../../ops/adopt/adopt";
import { planAdoption } from "../../../ops/adopt/plan";
import { readRecord } from "../../../ops/adopt/record";
import { undo } from "../../../ops/adopt/undo";
import type { Clouds } from "../../../ops/clients/clouds";
import { deployerClouds } from "../../../ops/clients/deployer";
import type { Stack } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
import { contoso, contosoUsers } from "../../../twin/index";
import { engineTimeout, type Lab, startLab, told } from "../../support/lab";
import { type MadeByHand, makeByHand } from "../../support/made-by-hand";
import { Browser } from "../../twin/entra/browser";

jest.setTimeout(engineTimeout);

let lab: Lab;
let administrator: Clouds;
let directory: string;
let browser: Browser;
let made: MadeByHand;
beforeAll(async () => {
  lab = await startLab();
});
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
afterAll(() => lab.close());

/** What a person reads who tests the identity provider. */
async function signIn(): Promise<string> {
  const { teamName } = contoso;
  const path = `/cdn-cgi/access/test-idp/${made.identityProviderId}`;
  let shown = await browser.go(lab.twin.browserUrlOf(`https://${teamName}.cloudflareaccess.com${path}`));
  if (shown.html.includes('name="user"')) shown = await browser.signIn(contosoUsers.ada);
  return shown.html.includes("Your connection works!") ? "works" : shown.html;
}

/** Whatever people met while something ran: at every request that the plugins make of the clouds. */
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
const deployer = async (stack: Stack) => deployerClouds(await stack.providerSettings());
const silent = new Progress({ write: () => true });

async function adopt(stack: Stack) {
  const { candidate, report } = await planAdoption(stack, await deployer(stack));
  if (!candidate) throw new Error(JSON.stringify(report));
  return carryOut(stack, await begin(stack, candidate, report), silent);
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

test("people sign in while a stack takes over what was made by hand, rotates the secret in, and forgets it again", async () => {
  lab.twin.clock.advance(60);
  const stack = await openStack();
  const before = await inClouds();
  const settings = readFileSync(stack.settingsFile, "utf8");
  waits.length = 0;
  expect(await signIn()).toBe("works");

  const { met, result } = await signInsDuring(adopt(stack));
  expect(told(result.run.changes)).toEqual([
    "create entra-credential",
    "import entra-admin-consent",
    "import entra-application",
    "import entra-identity-provider",
    "import entra-service-principal",
    expect.stringMatching(/^update entra-application preventDuplicateNames tags/),
    expect.stringMatching(/^update entra-identity-provider config.clientSecret/),
  ]);
  expect(result.left).toEqual([]);
  expect(new Set([...met, ...waits, await signIn()])).toEqual(new Set(["works"]));
  // The secret was not accepted at once: without the proof people would have met AADSTS7000215.
  expect(waits.length).toBeGreaterThanOrEqual(1);
  // The secret that was there stays, and is pointed out.
  const adopted = await inClouds();
  expect(adopted.keys).toEqual([made.keyId, result.deployed?.keyId]);
  expect(result.findings).toEqual([expect.objectContaining({ kind: "added by hand", keyId: made.keyId })]);
  expect(adopted.rest.provider).toEqual({
    ...before.rest.provider,
    config: {
      ...(before.rest.provider.config as object),
      pkce_enabled: false,
      conditional_access_enabled: false,
    },
  });

  const record = readRecord(stack);
  if (!record) throw new Error("no record");
  const forgetting = await signInsDuring(undo(stack, record, await deployer(stack)));
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

test("a take-over that Cloudflare stopped halfway locks nobody out, and the next one goes on with it", async () => {
  lab.twin.clock.advance(60);
  const stack = await openStack();
  lab.twin.faults.add({
    on: { service: "cloudflare", method: "PUT" },
    count: { first: 1 },
    effect: { kind: "error", status: 404 },
  });
  await expect(adopt(stack)).rejects.toThrow(/^up failed: /);
  expect(await signIn()).toBe("works");
  const record = readRecord(stack);
  if (!record) throw new Error("no record");
  const { left, deployed } = await carryOut(stack, record, silent);
  expect(left).toEqual([]);
  // The secret that was made the first time is the one that is sent.
  expect((await inClouds()).keys).toEqual([made.keyId, deployed?.keyId]);
  expect(await signIn()).toBe("works");
});

test("what the stack made since is not forgotten with it: undo is refused, and names it", async () => {
  lab.twin.clock.advance(60);
  const stack = await openStack();
  await adopt(stack);
  await stack.configure({
    "entra-access:access": { groups: { me: { include: { emails: ["ada@contoso.com"] } } } },
  });
  await stack.up();
  const record = readRecord(stack);
  if (!record) throw new Error("no record");
  await expect(undo(stack, record, await deployer(stack))).rejects.toMatchObject({
    message: "the stack has made other things since",
    next: [expect.stringContaining("me"), expect.anything()],
  });
  const { application } = (await inClouds()).rest;
  expect(application).toMatchObject({ tags: ["entra-access:entra-access/test"] });
});
