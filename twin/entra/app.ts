import { Hono } from "hono";
import type { TwinEnv } from "../requests";
import type { Store } from "../store";
import { NotJudged, SignInError } from "./errors";
import { metadata } from "./metadata";
import { token } from "./token";

/** Metadata host and token endpoint. */
export function entraApp(store: Store): Hono<TwinEnv> {
  const app = new Hono<TwinEnv>();
  app.get("/metadata/endpoints", (c) => {
    if (c.req.query("api-version") !== "2022-09-01") throw new NotJudged("another api-version");
    return c.json(metadata(store.microsoftOrigin));
  });
  app.post("/:tenant/oauth2/v2.0/token", (c) => token(c, store));
  app.all("*", (c) => notImplemented(c.req.method, c.req.path));
  app.onError((error, c) => {
    if (error instanceof SignInError) return c.json(error.body(store.now()), error.status);
    if (error instanceof NotJudged) return notImplemented(c.req.method, c.req.path, error.message);
    throw error;
  });
  return app;
}

function notImplemented(method: string, path: string, detail?: string): Response {
  return Response.json(
    {
      error: "not_implemented",
      error_description: `The twin does not serve ${method} ${path}${detail ? ` (${detail})` : ""}.`,
      error_codes: [501],
    },
    { status: 501 },
  );
}
