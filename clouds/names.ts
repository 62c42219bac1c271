/** The addresses of a Microsoft cloud. */
export interface CloudHosts {
  login: string;
  graph: string;
}

const DOD = { login: "https://login.microsoftonline.us", graph: "https://dod-graph.microsoft.us" };

/** Hosts per cloud: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud */
export const CLOUDS: Readonly<Record<string, CloudHosts>> = {
  public: { login: "https://login.microsoftonline.com", graph: "https://graph.microsoft.com" },
  usgovernment: { login: "https://login.microsoftonline.us", graph: "https://graph.microsoft.us" },
  usgovernmentl5: DOD,
  china: { login: "https://login.chinacloudapi.cn", graph: "https://microsoftgraph.chinacloudapi.cn" },
};

/** Microsoft Graph of clouds that share the metadata of another: https://learn.microsoft.com/graph/deployments */
export const OTHER_GRAPH_HOSTS: Readonly<Record<string, string>> = { usgovernmentl5: DOD.graph };

/** Other names that the azuread provider takes for Microsoft clouds. */
const CLOUD_ALIASES: Readonly<Record<string, string>> = {
  global: "public",
  usgovernmentl4: "usgovernment",
  dod: "usgovernmentl5",
};

/** Returns the name under which tables have a cloud. The azuread provider takes its names in any case. */
export function getCloudName(environment: string): string {
  const name = environment.toLowerCase();
  return CLOUD_ALIASES[name] ?? name;
}
