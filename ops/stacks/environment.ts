/** Where the two clouds are, when they are not the public ones. */
export interface CloudEndpoints {
  /** Host that answers /metadata/endpoints over HTTPS: `"localhost:8443"`. */
  readonly metadataHost: string;
  /** Base of the Cloudflare API: `"http://127.0.0.1:8442/client/v4"`. */
  readonly cloudflareUrl: string;
  /** PEM file of the certificate authority to trust. */
  readonly caFile: string;
}

/** Who signs in to them. */
export interface DeployerCredentials {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Cloudflare API token. */
  readonly apiToken: string;
}

/** The environment that points the official providers, and the stand-ins, at a place. */
export function buildProviderEnvironment(
  place: CloudEndpoints,
  deployer: DeployerCredentials,
): Record<string, string> {
  return {
    ARM_TENANT_ID: deployer.tenantId,
    ARM_CLIENT_ID: deployer.clientId,
    ARM_CLIENT_SECRET: deployer.clientSecret,
    ARM_METADATA_HOSTNAME: place.metadataHost,
    CLOUDFLARE_API_TOKEN: deployer.apiToken,
    CLOUDFLARE_BASE_URL: place.cloudflareUrl,
    // The official plugins are Go programs, the stand-ins Node.js programs.
    SSL_CERT_FILE: place.caFile,
    NODE_EXTRA_CA_CERTS: place.caFile,
  };
}

/**
 * Names of the variables that would lead the engine or a provider elsewhere: whoever has credentials of a real tenant
 * in the shell must not reach it from the twin.
 */
export function listCloudVariables(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env).filter((name) => /^(ARM|AZURE|CLOUDFLARE|CF|PULUMI)_/.test(name));
}
