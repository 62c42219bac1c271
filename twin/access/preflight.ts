import type { Context } from "hono";
import type { TwinEnv } from "../http/requests";
import type { AccessApplication, CorsSettings } from "../store/cloudflare/account";
import { AccessError, NotJudged } from "./errors";

/** Tells if a browser asks whether it may send a request to another origin. Such a request carries no cookies. */
export function isPreflight(c: Context<TwinEnv>): boolean {
  return c.req.method === "OPTIONS" && c.req.header("access-control-request-method") !== undefined;
}

/**
 * Answers a preflight request as the application's CORS settings say; without them, Access refuses it.
 *
 * https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/cors/
 *
 * @throws NotJudged for a request that the settings do not allow, since that answer is not documented
 */
export function answerPreflight(c: Context<TwinEnv>, { settings }: AccessApplication): Response {
  const cors = settings.cors_headers as CorsSettings | undefined;
  if (!cors) throw new AccessError(403, "Access does not answer preflight requests for this application.");
  const origin = c.req.header("origin") ?? "";
  const method = c.req.header("access-control-request-method") ?? "";
  const names = (c.req.header("access-control-request-headers") ?? "").split(",").map((name) => name.trim());
  const headers = names.filter((name) => name !== "");
  const includes = (list: string[] | undefined, value: string) =>
    list?.some((one) => one.toLowerCase() === value.toLowerCase()) ?? false;
  if (!cors.allow_all_origins && !includes(cors.allowed_origins, origin))
    throw new NotJudged(`a preflight request from ${origin || "no origin"}`);
  if (!cors.allow_all_methods && !includes(cors.allowed_methods, method))
    throw new NotJudged(`a preflight request for ${method}`);
  const refused = cors.allow_all_headers
    ? undefined
    : headers.find((name) => !includes(cors.allowed_headers, name));
  if (refused !== undefined) throw new NotJudged(`a preflight request for the header ${refused}`);
  return c.body(null, 200, {
    vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    "access-control-allow-origin": cors.allow_all_origins ? "*" : origin,
    "access-control-allow-methods": method,
    ...(headers.length > 0 && { "access-control-allow-headers": headers.join(", ") }),
    ...(cors.allow_credentials && { "access-control-allow-credentials": "true" }),
    ...(cors.max_age !== undefined && { "access-control-max-age": String(cors.max_age) }),
  });
}
