import { type EngineEvent, Stack as SdkStack } from "@pulumi/pulumi/automation";
import { verifyStack } from "../../../ops/checks/verify-stack";
import { runDoctor } from "../../../ops/doctor/doctor";
import type { RunResult } from "../../../ops/stacks";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../../support/engine-fixture";
import { findLeaks } from "../../support/leaks";
import { startWiretap, type Wiretap } from "../../support/wiretap";

jest.setTimeout(engineTimeout);

let lab: EngineFixture;
let tap: Wiretap;
beforeAll(async () => {
  lab = await startEngineFixture();
  tap = await startWiretap(lab.twin.cloudflareUrl);
});
afterAll(async () => {
  await tap.close();
  await lab.close();
});

/** A secret in the state: the engine's mark and the ciphertext. */
const encrypted = { "4dabf18193072939515e22adb298388d": expect.any(String), ciphertext: expect.any(String) };

test("has no secret in clear text in state, outputs and logs, and keeps other fields readable", async () => {
  const config = { "entra-access:identityProvider": { scim: { enabled: true } } };
  const stack = await lab.stack({ config, env: { CLOUDFLARE_BASE_URL: tap.url }, ownPlugins: true });
  const events: EngineEvent[] = [];
  const { up } = SdkStack.prototype;
  jest.spyOn(SdkStack.prototype, "up").mockImplementation(function (this: SdkStack, options) {
    const onEvent = (event: EngineEvent) => {
      events.push(event);
      options?.onEvent?.(event);
    };
    return up.call(this, { ...options, onEvent });
  });
  const runs: RunResult[] = [];
  runs.push(await stack.up());
  await stack.configure({ "entra-access:credential": { rotation: 2 } });
  runs.push(await stack.preview(), await stack.up());

  // The values sent over the wire: the client secret before and after the rotation, and the SCIM token.
  const wire = tap.bodies.join("\n");
  const found = [...wire.matchAll(/"(?:client_secret|secret)":"([^"*]+)"/g)].map(([, secret = ""]) => secret);
  const secrets = [...new Set(found)];
  expect(secrets).toHaveLength(3);

  const files = lab.files();
  const reports = [await verifyStack(stack), await runDoctor({ open: async () => stack })];
  const everything = {
    files,
    outputs: await stack.outputs(),
    runs,
    events,
    reports,
    requests: lab.twin.requests,
  };
  expect(findLeaks(everything, secrets)).toEqual([]);

  const state = files["stack-1/state/.pulumi/stacks/entra-access/test.json"] ?? "";
  const { resources } = JSON.parse(state).checkpoint.latest as { resources: Resource[] };
  const provider = resources.find(({ urn }) => urn.endsWith("::entra-identity-provider"));
  expect(provider?.inputs).toMatchObject({ config: { clientSecret: encrypted, supportGroups: true } });
  expect(provider?.outputs).toMatchObject({
    config: { clientSecret: encrypted, supportGroups: true, pkceEnabled: true },
    scimConfig: { secret: encrypted, enabled: true },
  });
  const credential = resources.find(({ urn }) => urn.endsWith("::entra-credential"));
  expect(credential?.outputs).toMatchObject({ value: encrypted, endDate: expect.any(String) });
});

interface Resource {
  urn: string;
  inputs: unknown;
  outputs: unknown;
}
