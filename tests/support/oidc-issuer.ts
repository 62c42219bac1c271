import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { Twin } from "../../twin/index";
import { startHttpServer } from "./http-server";

/** A CI system that issues tokens for its jobs, whose keys a twin knows. */
export interface OidcIssuer {
  /** Environment of a job that may ask for a token, as GitHub Actions sets it. */
  buildEnvironment(job: { subject: string }): Record<string, string>;
  /** Issues a token, of which claims can be replaced. */
  issue(claims: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

/** Starts an issuer with the address of GitHub's. */
export async function startOidcIssuer(
  twin: Twin,
  issuer = "https://token.actions.githubusercontent.com",
): Promise<OidcIssuer> {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const key = { ...(await exportJWK(publicKey)), kid: "local", alg: "RS256" };
  twin.registerIssuer(issuer, { keys: [key] });
  const issue = (claims: Record<string, unknown>) => {
    const now = Math.floor(twin.clock.now().getTime() / 1000);
    const all = {
      iss: issuer,
      aud: "api://AzureADTokenExchange",
      iat: now,
      nbf: now,
      exp: now + 300,
      ...claims,
    };
    return new SignJWT(all).setProtectedHeader({ alg: "RS256", kid: "local" }).sign(privateKey);
  };
  const { url, close } = await startHttpServer(async (request, response) => {
    const { searchParams } = new URL(String(request.url), "http://localhost");
    const subject = /^Bearer (.+)$/.exec(String(request.headers.authorization))?.[1];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ value: await issue({ sub: subject, aud: searchParams.get("audience") }) }));
  });
  return {
    issue,
    buildEnvironment: ({ subject }) => ({
      ARM_USE_OIDC: "true",
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: subject,
    }),
    close,
  };
}
