import { createCloudflareClient } from "../../../ops/clients/cloudflare";
import { deployStack } from "../../../ops/recovery/deploy";
import { rotateScimSecret } from "../../../ops/recovery/provisioning/rotate-secret";
import { type Stack, StackError } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
import { contoso } from "../../../twin/index";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";
import { sized } from "../../support/size";
import { managedConfig, managedScim, managedSeed, readManaged } from "./managed-stack";

const lab = useEngineFixture(managedSeed);
let stack: Stack;
/** What happens after each request of the providers. */
let afterEachRequest: () => Promise<unknown>;
beforeAll(async () => {
  afterEachRequest = async () => {};
  stack = await lab.stack({ config: managedConfig(), afterEachRequest: () => afterEachRequest() });
});
afterEach(() => {
  afterEachRequest = async () => {};
});

const progress = new Progress({ write: () => true });
const deploy = () => deployStack(stack, { progress });
const rotate = () => rotateScimSecret(stack, progress);
const lose = (service: "graph" | "cloudflare", method: "POST" | "PUT", path: string, first = 1) =>
  lab.twin.faults.add({
    on: { service, method, path },
    count: { first },
    effect: { kind: "reset", when: "after" },
  });
const account = (path: string) => `/client/v4/accounts/*/access/identity_providers${path}`;
/** Runs a cycle 40 minutes later. */
const cycle = async () => {
  lab.twin.clock.advance(40 * 60);
  await lab.twin.runProvisioning();
};
/** Reads the Entra side with a token of now. */
const read = async () => readManaged(stack, await lab.administrator());
/** Expects that both sides have the same secret, and that the job runs. */
async function expectConnected(): Promise<void> {
  const { validate, readJob } = await read();
  await validate();
  await cycle();
  expect((await readJob()).status).toMatchObject({ code: "Active", countSuccessiveCompleteFailures: 0 });
}
/** Replaces the secret at Cloudflare, as the dashboard does. */
async function regenerate(): Promise<void> {
  const { identityProviderId } = await stack.outputs();
  const client = createCloudflareClient({
    baseUrl: lab.twin.cloudflareUrl,
    apiToken: contoso.tokens.deployer.value,
  });
  const providers = `/accounts/${contoso.accountId}/access/identity_providers`;
  await client.post(`${providers}/${identityProviderId?.value}/refresh_scim_secret`);
}

it("survives lost answers of requests that create something, that of the identity provider too", async () => {
  lose("cloudflare", "POST", account(""));
  lose("graph", "POST", "/v1.0/applicationTemplates/*/instantiate");
  if (sized(false, true)) {
    lose("graph", "POST", "/v1.0/servicePrincipals/*/synchronization/jobs");
    lose("graph", "POST", "/v1.0/servicePrincipals/*/appRoleAssignedTo");
    lose("graph", "PUT", "/v1.0/servicePrincipals/*/synchronization/secrets");
  }
  for (let runs = 1; ; runs += 1) {
    const error = await deploy().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!error) break;
    if (!(error instanceof StackError) || runs === 6) throw error;
    expect(error.message).toContain("socket hang up");
  }
  // The identity provider was imported, without the secret that only its creation shows.
  expect(lab.twin.requests.filter(({ path }) => path.endsWith("/refresh_scim_secret"))).toHaveLength(1);
  const { graph } = await lab.administrator();
  const { value } = await graph.api("/servicePrincipals").get();
  expect(value.filter((one: { displayName: string }) => one.displayName.endsWith(" SCIM"))).toHaveLength(1);
  await expectConnected();
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
});

it("is not sent if it is lost: a plain update stops before, and names the command", async () => {
  const state = JSON.stringify(await stack.export());
  const lost = state.replace(
    /("scimBaseUrl":"[^"]*"),"seatDeprovision":true,"secret":\{[^}]*\}/,
    '$1,"seatDeprovision":true',
  );
  expect(lost).not.toBe(state);
  await stack.import(JSON.parse(lost));
  const error: StackError = await stack.up().catch((reason) => reason);
  expect(error.causes.join("\n")).toContain(
    "entra: Cloudflare's SCIM secret must be in the state; found none. Cloudflare shows it once. Renew it: npx entra-access rotate --scim",
  );
  await (await read()).validate();
  await deploy();
  await expectConnected();
});

describe("rotate --scim", () => {
  it("renews it on both sides, and no cycle meets the one before", async () => {
    const before = JSON.stringify(await stack.export({ secrets: true }));
    const [, old = ""] = /(scim_[0-9a-f]{48})/.exec(before) ?? [];
    const { readJob } = await read();
    let meanwhile: string | undefined;
    afterEachRequest = async () => {
      afterEachRequest = async () => {};
      meanwhile = (await readJob()).status.code;
      await cycle();
    };
    expect((await rotate()).actionNeeded).toEqual([]);
    expect([old.length, meanwhile]).toEqual([53, "Paused"]);
    expect(JSON.stringify(await stack.export({ secrets: true }))).not.toContain(old);
    expect(JSON.stringify(lab.files())).not.toMatch(/scim_[0-9a-f]{48}/);
    await expectConnected();
    expect(formatChanges((await stack.preview()).changes)).toEqual([]);
  });

  it("is completed by the next update when Cloudflare's answer is lost", async () => {
    lose("cloudflare", "POST", account("/*/refresh_scim_secret"), 3);
    await expect(rotate()).rejects.toThrow();
    const { readJob } = await read();
    expect((await readJob()).status.code).toBe("Paused");
    await cycle();
    expect((await readJob()).status.countSuccessiveCompleteFailures).toBe(0);
    await deploy();
    await expectConnected();
  });

  it("ends a quarantine that a secret renewed by hand caused", async () => {
    await regenerate();
    await cycle();
    const { readJob } = await read();
    expect((await readJob()).status.code).toBe("Quarantine");
    await rotate();
    await expectConnected();
  });

  it("leaves Entra to a person where they provision by hand, and is refused where SCIM is off", async () => {
    await stack.configure(managedConfig({ ...managedScim, provisioning: "byHand" }));
    await deploy();
    const { actionNeeded } = await rotate();
    expect(actionNeeded).toEqual([
      expect.stringContaining("until a person enters the new one: pulumi stack output scim"),
    ]);
    await stack.configure(managedConfig({}));
    await deploy();
    await expect(rotate()).rejects.toThrow("stack test must have SCIM on; found it off");
    await expect(rotateScimSecret(stack, progress, "fabrikam")).rejects.toThrow(
      '--identity-provider must be a tenant of stack test; found "fabrikam"',
    );
  });
});
