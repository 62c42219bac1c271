import type { CloudAccess, DeployedClientSecret } from "../../../ops/checks/context";
import { deriveExpectedSignIn, type ExpectedSignIn } from "../../../ops/checks/expected-sign-in";
import { createCloudAccess, readDeployedClientSecret } from "../../../ops/checks/verify-stack";
import type { Clouds } from "../../../ops/clients/clouds";
import type { Stack } from "../../../ops/stacks";
import { buildProviderEnvironment } from "../../../ops/stacks/environment";
import { contoso, type Snapshot } from "../../../twin/index";
import { type EngineFixture, startEngineFixture } from "../../support/engine-fixture";

/** A deployed stack that is restored before each test. */
export interface DeployedStack {
  lab(): EngineFixture;
  stack(): Stack;
  expected(): ExpectedSignIn;
  clientSecret(): DeployedClientSecret;
  /** Signs in to both clouds with permission to change everything. */
  administrator(): Promise<Clouds>;
  /** Signs in to both clouds as one of the seed's principals and tokens, the auditor by default. */
  clouds(as?: {
    principal?: Principal;
    token?: Token;
    readClientSecret?: CloudAccess["clientSecret"];
  }): CloudAccess;
}

type Principal = typeof contoso.auditor;
type Token = typeof contoso.tokens.auditor;

export function useDeployedStack(): DeployedStack {
  let lab: EngineFixture;
  let stack: Stack;
  let expected: ExpectedSignIn;
  let deployedSecret: DeployedClientSecret;
  let snapshot: Snapshot;
  beforeAll(async () => {
    lab = await startEngineFixture();
    stack = await lab.stack();
    await stack.up();
    expected = deriveExpectedSignIn(await stack.config(), await stack.outputs());
    deployedSecret = readDeployedClientSecret(await stack.export({ secrets: true }));
    snapshot = lab.twin.snapshot();
  });
  beforeEach(() => lab.twin.restore(snapshot));
  afterAll(() => lab.close());
  return {
    lab: () => lab,
    stack: () => stack,
    expected: () => expected,
    clientSecret: () => deployedSecret,
    administrator: () => lab.administrator(),
    clouds({ principal = contoso.auditor, token = contoso.tokens.auditor, readClientSecret } = {}) {
      const { appId: clientId, secret: clientSecret } = principal;
      const reader = { tenantId: contoso.tenantId, clientId, clientSecret, apiToken: token.value };
      const env = buildProviderEnvironment(lab.twin, reader);
      const read = readClientSecret ?? (async () => deployedSecret);
      return { ...createCloudAccess({ config: {}, env }, read), now: () => lab.twin.clock.now() };
    },
  };
}
