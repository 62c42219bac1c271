/** The addresses of clouds other than the public ones. */
export interface CloudEndpoints {
  /** Host that answers /metadata/endpoints over HTTPS: `"localhost:8443"`. */
  readonly metadataHost: string;
  /** Base of the Cloudflare API: `"http://127.0.0.1:8442/client/v4"`. */
  readonly cloudflareUrl: string;
  /** PEM file of the certificate authority to trust. */
  readonly caFile: string;
}

/** The credentials with which the providers sign in. */
export interface DeployerCredentials {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly apiToken: string;
}

/** Builds the environment with which the providers, official or stand-ins, reach these clouds. */
export function buildProviderEnvironment(
  endpoints: CloudEndpoints,
  deployer: DeployerCredentials,
): Record<string, string> {
  return {
    ARM_TENANT_ID: deployer.tenantId,
    ARM_CLIENT_ID: deployer.clientId,
    ARM_CLIENT_SECRET: deployer.clientSecret,
    ARM_METADATA_HOSTNAME: endpoints.metadataHost,
    CLOUDFLARE_API_TOKEN: deployer.apiToken,
    CLOUDFLARE_BASE_URL: endpoints.cloudflareUrl,
    // The official plugins are Go programs, the stand-ins Node.js programs.
    SSL_CERT_FILE: endpoints.caFile,
    NODE_EXTRA_CA_CERTS: endpoints.caFile,
  };
}

/**
 * Lists the variables that would direct the engine or a provider to another place. With credentials of a real tenant in
 * the shell, a stack on the twin must not reach that tenant.
 */
export function listCloudVariables(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env).filter((name) => /^(ARM|AZURE|CLOUDFLARE|CF|PULUMI)_/.test(name));
}

/** Returns an environment that takes the place of these variables and has none of them. */
export function unsetCloudVariables(env: NodeJS.ProcessEnv): Record<string, undefined> {
  return Object.fromEntries(listCloudVariables(env).map((name) => [name, undefined]));
}
