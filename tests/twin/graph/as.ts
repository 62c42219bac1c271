import { contoso, type PrincipalSeed, type Twin, type TwinOptions } from "../../../twin/index";
import type { Client, Graph } from "../client";
import { twinForEach } from "../each";

/** A twin for the tests of one file, reset before each, called as one principal of Contoso. */
export function graphAs(principal: PrincipalSeed, options: Pick<TwinOptions, "now" | "seed"> = {}) {
  let twin: Twin;
  let client: Client;
  let graph: Graph;
  twinForEach((ready) => {
    ({ twin, client } = ready);
  }, options);
  beforeEach(async () => {
    graph = await client.graphAs(contoso.tenantId, principal);
  });
  const call: Graph = (method, path, body) => graph(method, path, body);
  return { call, client: () => client, twin: () => twin };
}
