import { readFileSync } from "node:fs";
import { Agent, fetch } from "undici";
import type { Twin } from "../../twin/index";

/** The OAuth client that Cloudflare uses to authenticate to Entra. */
export interface CloudflareCopy {
  clientId: string;
  clientSecret: string;
  tenantId: string;
}

interface Config {
  client_id?: string;
  directory_id?: string;
}

/** Lists Cloudflare's copies of client secrets, which no API shows. */
export function listCloudflareCopies(twin: Twin): CloudflareCopy[] {
  const found: CloudflareCopy[] = [];
  const walk = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    const { clientSecret, config } = value as { clientSecret?: string; config?: Config };
    if (clientSecret && config?.client_id)
      found.push({ clientId: config.client_id, clientSecret, tenantId: String(config.directory_id) });
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(twin.snapshot().contents);
  return found;
}

/** Requests a token with each of Cloudflare's copies. @returns "200" or an AADSTS code per identity provider */
export async function checkSignIns(twin: Twin): Promise<string[]> {
  const dispatcher = new Agent({ connect: { ca: readFileSync(twin.caFile) } });
  const answers = listCloudflareCopies(twin).map(async ({ clientId, clientSecret, tenantId }) => {
    const response = await fetch(`${twin.microsoftUrl}/${tenantId}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope: `${twin.microsoftUrl}/.default`,
      }),
      dispatcher,
    });
    const { error_codes } = (await response.json()) as { error_codes?: number[] };
    return String(error_codes?.[0] ?? response.status);
  });
  return await Promise.all(answers).finally(() => dispatcher.close());
}
