/** The sign-in by the token of a CI system, as the plugin takes it with `useOidc`. */
import { type HttpWire, refuseRemote } from "../../bridge/http";

/**
 * Finds the source of the token: given itself, or the address from which GitHub Actions and Azure Pipelines issue it.
 *
 * @param setting reads a setting, by its name and environment variable
 * @returns undefined where the plugin does not sign in so
 */
export function findOidcToken(
  setting: (name: string, variable: string) => string,
  wire: HttpWire,
  signal: AbortSignal,
): (() => Promise<string>) | undefined {
  if (setting("useOidc", "ARM_USE_OIDC") !== "true") return undefined;
  const given = setting("oidcToken", "ARM_OIDC_TOKEN");
  if (given !== "") return async () => given;
  const read = (name: string, ...variables: string[]) =>
    variables.map((variable) => setting(name, variable)).find(Boolean) ?? "";
  const address = read("oidcRequestUrl", "ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL");
  const bearer = read("oidcRequestToken", "ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  return async () => {
    const remote = refuseRemote(address, "azuread:oidcRequestUrl (ACTIONS_ID_TOKEN_REQUEST_URL)");
    if (remote) throw new Error(`building client: ${remote}`);
    const url = new URL(address);
    url.searchParams.set("audience", "api://AzureADTokenExchange");
    const headers = { accept: "application/json", authorization: `Bearer ${bearer}` };
    const { status, text } = await wire.send({ method: "GET", url: String(url), headers, signal });
    if (status !== 200)
      throw new Error(
        `building client: githubAssertion: received HTTP status ${status} with response: ${text}`,
      );
    return String(JSON.parse(text).value);
  };
}
