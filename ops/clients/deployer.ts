import { readFileSync } from "node:fs";
import type { TokenCredential } from "@azure/identity";
import type { Client } from "@microsoft/microsoft-graph-client";
import type Cloudflare from "cloudflare";
import { UserError } from "../errors";
import { readProjectSetting } from "../stacks/project-setting";
import { type CloudflareCredentials, createCloudflareClient } from "./cloudflare";
import type { Clouds } from "./clouds";
import { EntraCloud } from "./entra";

/** What a stack's providers are configured with. */
export interface ProviderConfiguration {
  /** The stack's settings by full key, as text. */
  readonly config: Readonly<Record<string, string>>;
  readonly env: NodeJS.ProcessEnv;
}

/** Both clouds as the stack's own providers sign in to them: the same settings, in the same order of precedence. */
export interface DeployerClouds extends Clouds {
  readonly entra: EntraCloud;
  readonly tenantId: string;
}

/** https://www.pulumi.com/registry/packages/azuread/installation-configuration/ and cloudflare's alike. */
export async function connectClouds(settings: ProviderConfiguration): Promise<DeployerClouds> {
  const entra = await findEntraCloud(settings);
  const signIn = cloudflareSignIn(settings);
  let cloudflare: Cloudflare | undefined;
  return {
    entra,
    tenantId: tenantIdOf(settings),
    graph: await signInToGraph(settings, entra),
    get cloudflare() {
      cloudflare ??= createCloudflareClient(signIn);
      return cloudflare;
    },
    accountId: own(settings, "accountId"),
  };
}

/** The cloud of Microsoft's that the azuread provider is set to. */
export async function findEntraCloud(settings: ProviderConfiguration): Promise<EntraCloud> {
  const azuread = settingOf(settings);
  const environment = azuread("environment", "ARM_ENVIRONMENT") ?? "public";
  const metadataHost = azuread("metadataHost", "ARM_METADATA_HOSTNAME") ?? MANAGEMENT[environment];
  if (!metadataHost)
    throw new UserError(`azuread:environment is "${environment}"`, [
      `It must be one of ${Object.keys(MANAGEMENT).join(", ")}.`,
    ]);
  return EntraCloud.find({ metadataHost, caFile: settings.env.SSL_CERT_FILE, env: settings.env });
}

/** Signs in to Graph. Throws {@link UserError} where that is refused. */
export async function signInToGraph(settings: ProviderConfiguration, entra: EntraCloud): Promise<Client> {
  return entra.client(await acquireGraphToken(settings, entra));
}

export function signInToCloudflare(settings: ProviderConfiguration): Cloudflare {
  return createCloudflareClient(cloudflareSignIn(settings));
}

function cloudflareSignIn({ config, env }: ProviderConfiguration): CloudflareCredentials {
  const apiToken = config["cloudflare:apiToken"] ?? env.CLOUDFLARE_API_TOKEN;
  if (!apiToken)
    throw new UserError("no Cloudflare API token", ["Set CLOUDFLARE_API_TOKEN, or cloudflare:apiToken."]);
  const address = config["cloudflare:baseUrl"] ?? env.CLOUDFLARE_BASE_URL;
  return { baseUrl: address ?? "https://api.cloudflare.com/client/v4", apiToken, env };
}

function tenantIdOf(settings: ProviderConfiguration): string {
  return settingOf(settings)("tenantId", "ARM_TENANT_ID") ?? own(settings, "tenantId");
}

function own({ config }: ProviderConfiguration, name: string): string {
  return String(readProjectSetting(config, name) ?? "");
}

function settingOf({ config, env }: ProviderConfiguration): Setting {
  return (name, ...variables) =>
    [config[`azuread:${name}`], ...variables.map((variable) => env[variable])].find(Boolean);
}

/** Hosts of the metadata: https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure */
const MANAGEMENT: Readonly<Record<string, string>> = {
  public: "management.azure.com",
  global: "management.azure.com",
  usgovernment: "management.usgovcloudapi.net",
  china: "management.chinacloudapi.cn",
};

type Setting = (name: string, ...variables: string[]) => string | undefined;

/** The ways to sign in, in the provider's order; the Azure CLI is its last resort. */
export async function acquireGraphToken(settings: ProviderConfiguration, entra: EntraCloud): Promise<string> {
  const azuread = settingOf(settings);
  const tenantId = tenantIdOf(settings);
  const clientId = azuread("clientId", "ARM_CLIENT_ID") ?? "";
  const through = async (credential: TokenCredential) => {
    const token = await credential.getToken(entra.scope);
    return token?.token ?? "";
  };
  const with_ = (proof: Record<string, string>) => entra.signIn(tenantId, { client_id: clientId, ...proof });

  const certificatePath = azuread("clientCertificatePath", "ARM_CLIENT_CERTIFICATE_PATH");
  if (certificatePath) {
    const certificatePassword = azuread("clientCertificatePassword", "ARM_CLIENT_CERTIFICATE_PASSWORD");
    const certificate = { certificatePath, ...(certificatePassword ? { certificatePassword } : {}) };
    const authority = { authorityHost: entra.login };
    return through(new (identity().ClientCertificateCredential)(tenantId, clientId, certificate, authority));
  }
  const secretFile = azuread("clientSecretFilePath", "ARM_CLIENT_SECRET_FILE_PATH");
  const secret = azuread("clientSecret", "ARM_CLIENT_SECRET") ?? (secretFile && contentOf(secretFile));
  if (secret) return with_({ client_secret: secret });
  if (azuread("useOidc", "ARM_USE_OIDC") === "true") {
    return with_({
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await oidcToken(azuread),
    });
  }
  if (azuread("useMsi", "ARM_USE_MSI") === "true")
    return through(new (identity().ManagedIdentityCredential)({ clientId }));
  return through(new (identity().AzureCliCredential)({ tenantId }));
}

/** Loaded where it is needed: most sign-ins are one request. */
const identity = () => require("@azure/identity") as typeof import("@azure/identity");

async function oidcToken(azuread: Setting): Promise<string> {
  const given = azuread("oidcToken", "ARM_OIDC_TOKEN");
  if (given) return given;
  const file = azuread("oidcTokenFilePath", "ARM_OIDC_TOKEN_FILE_PATH");
  if (file) return contentOf(file);
  // GitHub Actions: the two variables are set for a job with `id-token: write`.
  const url = azuread("oidcRequestUrl", "ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL");
  const bearer = azuread("oidcRequestToken", "ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  if (!url || !bearer) throw new UserError("ARM_USE_OIDC is set, but no token and no address to ask for one");
  const audience = new URL(url);
  audience.searchParams.set("audience", "api://AzureADTokenExchange");
  const signal = AbortSignal.timeout(30_000);
  const answer = await fetch(audience, { headers: { authorization: `Bearer ${bearer}` }, signal });
  return ((await answer.json()) as { value?: string }).value ?? "";
}

const contentOf = (file: string) => readFileSync(file, "utf8").trim();
