import { readFileSync } from "node:fs";
import type { TokenCredential } from "@azure/identity";
import type { Client } from "@microsoft/microsoft-graph-client";
import { getCloudName, OTHER_GRAPH_HOSTS } from "../../clouds/names";
import { UserError } from "../errors";
import { readProjectSetting } from "../stacks/settings/project-setting";
import { type CloudflareClient, type CloudflareCredentials, createCloudflareClient } from "./cloudflare";
import type { Clouds } from "./clouds";
import { decodeAccessToken } from "./entra/access-token";
import { EntraCloud } from "./entra/client";

export interface ProviderConfiguration {
  /** The stack's config values by full key, as text. */
  readonly config: Readonly<Record<string, string>>;
  readonly env: NodeJS.ProcessEnv;
}

/** Clients that sign in as the stack's providers do: from the same settings, in the same order of precedence. */
export interface DeployerClouds extends Clouds {
  readonly entra: EntraCloud;
  readonly tenantId: string;
}

/** Follows https://www.pulumi.com/registry/packages/azuread/installation-configuration/ and that of cloudflare. */
export async function connectClouds(settings: ProviderConfiguration): Promise<DeployerClouds> {
  const entra = await findEntraCloud(settings);
  const credentials = readCloudflareCredentials(settings);
  const token = await acquireGraphToken(settings, entra);
  let cloudflare: CloudflareClient | undefined;
  return {
    entra,
    // The providers may be configured with a domain of the tenant; its objects have the id.
    tenantId: decodeAccessToken(token).tid ?? readTenantId(settings),
    graph: entra.createClient(token),
    get cloudflare() {
      cloudflare ??= createCloudflareClient(credentials);
      return cloudflare;
    },
    accountId: readOwnSetting(settings, "accountId"),
  };
}

/** Finds the Microsoft cloud that the azuread provider is configured for. */
export async function findEntraCloud(settings: ProviderConfiguration): Promise<EntraCloud> {
  const azuread = createSettingReader(settings);
  const environment = azuread("environment", "ARM_ENVIRONMENT") ?? "public";
  const cloud = getCloudName(environment);
  const ownHost = azuread("metadataHost", "ARM_METADATA_HOSTNAME");
  const metadataHost = ownHost ?? MANAGEMENT_HOSTS[cloud];
  if (!metadataHost)
    throw new UserError(
      `azuread:environment must be one of ${Object.keys(MANAGEMENT_HOSTS).join(", ")}; found "${environment}"`,
    );
  const graph = ownHost === undefined ? OTHER_GRAPH_HOSTS[cloud] : undefined;
  return EntraCloud.find({ metadataHost, graph, caFile: settings.env.SSL_CERT_FILE, env: settings.env });
}

/** Signs in to Microsoft Graph. @throws UserError where Entra refuses the sign-in */
export async function signInToGraph(settings: ProviderConfiguration, entra: EntraCloud): Promise<Client> {
  return entra.createClient(await acquireGraphToken(settings, entra));
}

export function signInToCloudflare(settings: ProviderConfiguration): CloudflareClient {
  return createCloudflareClient(readCloudflareCredentials(settings));
}

function readCloudflareCredentials({ config, env }: ProviderConfiguration): CloudflareCredentials {
  const apiToken = config["cloudflare:apiToken"] ?? env.CLOUDFLARE_API_TOKEN;
  if (!apiToken)
    throw new UserError("a Cloudflare API token is required", [
      "Set CLOUDFLARE_API_TOKEN or cloudflare:apiToken. The commands do not use the global API key.",
    ]);
  const address = config["cloudflare:baseUrl"] ?? env.CLOUDFLARE_BASE_URL;
  return { baseUrl: address ?? "https://api.cloudflare.com/client/v4", apiToken, env };
}

function readTenantId(settings: ProviderConfiguration): string {
  return createSettingReader(settings)("tenantId", "ARM_TENANT_ID") ?? readOwnSetting(settings, "tenantId");
}

function readOwnSetting({ config }: ProviderConfiguration, name: string): string {
  return String(readProjectSetting(config, name) ?? "");
}

function createSettingReader({ config, env }: ProviderConfiguration): SettingReader {
  return (name, ...variables) =>
    [config[`azuread:${name}`], ...variables.map((variable) => env[variable])].find(Boolean);
}

/** Metadata hosts by cloud: https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure */
const MANAGEMENT_HOSTS: Readonly<Record<string, string>> = {
  public: "management.azure.com",
  usgovernment: "management.usgovcloudapi.net",
  usgovernmentl5: "management.usgovcloudapi.net",
  china: "management.chinacloudapi.cn",
};

type SettingReader = (name: string, ...variables: string[]) => string | undefined;

/** Tries the ways to sign in, in the provider's order, with the Azure CLI as the last. */
export async function acquireGraphToken(settings: ProviderConfiguration, entra: EntraCloud): Promise<string> {
  const azuread = createSettingReader(settings);
  const tenantId = readTenantId(settings);
  const clientId = azuread("clientId", "ARM_CLIENT_ID") ?? "";
  const getToken = async (credential: TokenCredential) => {
    const token = await credential.getToken(entra.scope);
    return token?.token ?? "";
  };
  const signInWith = (proof: Record<string, string>) =>
    entra.signIn(tenantId, { client_id: clientId, ...proof });

  const certificatePath = azuread("clientCertificatePath", "ARM_CLIENT_CERTIFICATE_PATH");
  if (certificatePath) {
    const certificatePassword = azuread("clientCertificatePassword", "ARM_CLIENT_CERTIFICATE_PASSWORD");
    const certificate = { certificatePath, ...(certificatePassword ? { certificatePassword } : {}) };
    const authority = { authorityHost: entra.login };
    return getToken(
      new (loadIdentity().ClientCertificateCredential)(tenantId, clientId, certificate, authority),
    );
  }
  const secretFile = azuread("clientSecretFilePath", "ARM_CLIENT_SECRET_FILE_PATH");
  const secret = azuread("clientSecret", "ARM_CLIENT_SECRET") ?? (secretFile && readTrimmed(secretFile));
  if (secret) return signInWith({ client_secret: secret });
  if (azuread("useOidc", "ARM_USE_OIDC") === "true") {
    return signInWith({
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await oidcToken(azuread),
    });
  }
  if (azuread("useMsi", "ARM_USE_MSI") === "true")
    return getToken(new (loadIdentity().ManagedIdentityCredential)({ clientId }));
  return getToken(new (loadIdentity().AzureCliCredential)({ tenantId }));
}

/** Loads the package on demand, because most sign-ins are a single request. */
const loadIdentity = () => require("@azure/identity") as typeof import("@azure/identity");

async function oidcToken(azuread: SettingReader): Promise<string> {
  const given = azuread("oidcToken", "ARM_OIDC_TOKEN");
  if (given) return given;
  const file = azuread("oidcTokenFilePath", "ARM_OIDC_TOKEN_FILE_PATH");
  if (file) return readTrimmed(file);
  // GitHub Actions sets the two variables for a job with `id-token: write`.
  const url = azuread("oidcRequestUrl", "ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL");
  const bearer = azuread("oidcRequestToken", "ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  if (!url || !bearer) throw new UserError("ARM_USE_OIDC needs a token, or the address that issues one");
  const audience = new URL(url);
  audience.searchParams.set("audience", "api://AzureADTokenExchange");
  const signal = AbortSignal.timeout(30_000);
  const response = await fetch(audience, { headers: { authorization: `Bearer ${bearer}` }, signal });
  return ((await response.json()) as { value?: string }).value ?? "";
}

const readTrimmed = (file: string) => readFileSync(file, "utf8").trim();
