import { contoso, type PrincipalSeed, startTwin, type Twin, type TwinOptions } from "../../../twin/index";
import { Client, type Graph } from "../client";

/** A twin for the tests of one file, reset before each, called as one principal of Contoso. */
export function graphAs(principal: PrincipalSeed, options: Pick<TwinOptions, "now" | "seed"> = {}) {
  let twin: Twin;
  let client: Client;
  let graph: Graph;
  beforeAll(async () => {
    twin = await startTwin(options);
    client = new Client(twin);
  });
  afterAll(async () => {
    await client.close();
    await twin.close();
  });
  beforeEach(async () => {
    twin.reset();
    graph = await client.graphAs(contoso.tenantId, principal);
  });
  const call: Graph = (method, path, body) => graph(method, path, body);
  return { call, client: () => client, twin: () => twin };
}
