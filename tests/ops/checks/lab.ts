import { type Asked, askedOf } from "../../../ops/checks/asked";
import type { GivenSecret, Sight } from "../../../ops/checks/reading";
import { givenSecret, sightOf } from "../../../ops/checks/sight";
import type { Clouds } from "../../../ops/clients/clouds";
import type { Stack } from "../../../ops/stacks";
import { providerEnvironment } from "../../../ops/stacks/environment";
import { contoso, type Snapshot } from "../../../twin/index";
import { type EngineFixture, startEngineFixture } from "../../support/engine-fixture";

/** A deployed stack, put back as it was before each test. */
export interface DeployedLab {
  lab(): EngineFixture;
  stack(): Stack;
  asked(): Asked;
  secret(): GivenSecret;
  /** Who may change everything by hand. */
  administrator(): Promise<Clouds>;
  /** Both clouds as one of the seed's principals and tokens, the auditor unless told otherwise. */
  sight(as?: { principal?: Principal; token?: Token; secret?: Sight["secret"] }): Sight;
}

type Principal = typeof contoso.auditor;
type Token = typeof contoso.tokens.auditor;

export function deployedLab(): DeployedLab {
  let lab: EngineFixture;
  let stack: Stack;
  let asked: Asked;
  let secret: GivenSecret;
  let snapshot: Snapshot;
  beforeAll(async () => {
    lab = await startEngineFixture();
    stack = await lab.stack();
    await stack.up();
    asked = askedOf(await stack.config(), await stack.outputs());
    secret = givenSecret(await stack.export({ secrets: true }));
    snapshot = lab.twin.snapshot();
  });
  beforeEach(() => lab.twin.restore(snapshot));
  afterAll(() => lab.close());
  return {
    lab: () => lab,
    stack: () => stack,
    asked: () => asked,
    secret: () => secret,
    administrator: () => lab.administrator(),
    sight({ principal = contoso.auditor, token = contoso.tokens.auditor, ...given } = {}) {
      const { appId: clientId, secret: clientSecret } = principal;
      const reader = { tenantId: contoso.tenantId, clientId, clientSecret, apiToken: token.value };
      const env = providerEnvironment(lab.twin, reader);
      const read = given.secret ?? (async () => secret);
      return { ...sightOf({ config: {}, env }, read), now: () => lab.twin.clock.now() };
    },
  };
}
