import { createCloudflareClient } from "../../ops/clients/cloudflare";
import type { Clouds } from "../../ops/clients/clouds";
import { createGraphClient } from "../../ops/clients/entra/client";
import { contoso, type Twin } from "../../twin/index";

export type Organization = typeof contoso;

/** Connects to both clouds as an organization's administrator, who may change everything by hand. */
export async function connectAdministrator(twin: Twin, of: Organization = contoso): Promise<Clouds> {
  const { appId: clientId, secret: clientSecret } = of.administrator;
  return {
    graph: await createGraphClient({ ...twin, tenantId: of.tenantId, clientId, clientSecret }),
    cloudflare: createCloudflareClient({ baseUrl: twin.cloudflareUrl, apiToken: of.tokens.deployer.value }),
    accountId: of.accountId,
  };
}
