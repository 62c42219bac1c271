import { contoso, type PrincipalSeed, type Twin, type TwinOptions } from "../../../twin/index";
import type { SendCall, TwinClient } from "../client";
import { useTwin } from "../twin-fixture";

/** Sets up a twin for a test file, reset before each test, and calls Graph as a principal of Contoso. */
export function useGraphAs(principal: PrincipalSeed, options: Pick<TwinOptions, "now" | "seed"> = {}) {
  let twin: Twin;
  let client: TwinClient;
  let graph: SendCall;
  useTwin((ready) => {
    ({ twin, client } = ready);
  }, options);
  beforeEach(async () => {
    graph = await client.graphAs(contoso.tenantId, principal);
  });
  const call: SendCall = (method, path, body) => graph(method, path, body);
  return { call, client: () => client, twin: () => twin };
}
