import { Hono, type MiddlewareHandler } from "hono";
import { z } from "zod";
import { type Fault, faultSchema } from "../faults/fault";
import type { TwinEnv } from "../http/requests";
import { createServiceApp, type Route } from "../http/routes";
import { InvalidInput, parseInput } from "../input";
import { placesSchema, seedSchema } from "../seed/seed";
import type { ControllableTwin } from "./controllable-twin";

/**
 * A call of the control API. The handler returns the JSON to answer with, or undefined (404) when there is no such fault.
 */
interface ControlRoute extends Route<[twin: ControllableTwin, body: never, id: string], object | undefined> {
  /** Schema of the request body; without one, the body must be empty. */
  body?: z.ZodType;
}

function defineRoute<Body extends z.ZodType>(
  call: string,
  body: Body,
  handle: (twin: ControllableTwin, body: z.output<Body>, id: string) => object | undefined,
): ControlRoute {
  return { call, body, handle };
}

/** Maximum number of seconds that one call may move the clock. */
const CENTURY = 100 * 365 * 24 * 3600;

const describeClock = ({ clock }: ControllableTwin) => ({
  now: clock.now().toISOString(),
  frozen: clock.isFrozen,
});
const describeReplicas = ({ tokenReplicas: count, principalDelaySeconds }: ControllableTwin) => ({
  count,
  principalSeconds: principalDelaySeconds,
});
const emptyIf = (was: boolean) => (was ? {} : undefined);

/** Every call of the control API; all others are answered 501. */
const ROUTES: ControlRoute[] = [
  { call: "GET /requests", handle: ({ requests }) => ({ requests }) },
  defineRoute("POST /reset", seedSchema.optional(), (twin, seed) => {
    twin.reset(seed);
    return {};
  }),
  { call: "GET /clock", handle: describeClock },
  defineRoute("PUT /clock", z.strictObject({ now: z.iso.datetime() }), (twin, body) => {
    twin.clock.set(new Date(body.now));
    return describeClock(twin);
  }),
  defineRoute(
    "POST /clock/advance",
    z.strictObject({ seconds: z.number().min(-CENTURY).max(CENTURY) }),
    (twin, { seconds }) => {
      twin.clock.advance(seconds);
      return describeClock(twin);
    },
  ),
  {
    call: "POST /provisioning/run",
    async handle(twin) {
      await twin.runProvisioning();
      return {};
    },
  },
  {
    call: "POST /clock/freeze",
    handle(twin) {
      twin.clock.freeze();
      return describeClock(twin);
    },
  },
  {
    call: "POST /clock/unfreeze",
    handle(twin) {
      twin.clock.unfreeze();
      return describeClock(twin);
    },
  },
  {
    call: "GET /secret-delay",
    handle: ({ secretDelaySeconds: seconds }) => ({ seconds }),
  },
  defineRoute(
    "PUT /secret-delay",
    z.strictObject({ seconds: z.number().nonnegative() }),
    (twin, { seconds }) => {
      twin.secretDelaySeconds = seconds;
      return { seconds };
    },
  ),
  { call: "GET /token-replicas", handle: describeReplicas },
  defineRoute(
    "PUT /token-replicas",
    z.strictObject({ count: z.int().positive(), principalSeconds: z.number().nonnegative().default(0) }),
    (twin, { count, principalSeconds }) => {
      twin.tokenReplicas = count;
      twin.principalDelaySeconds = principalSeconds;
      return describeReplicas(twin);
    },
  ),
  { call: "GET /mails", handle: ({ mails }) => ({ mails }) },
  { call: "GET /places", handle: ({ places }) => places },
  defineRoute("PUT /places", placesSchema, (twin, places) => {
    twin.places = places;
    return places;
  }),
  {
    call: "POST /signing-key/rotate",
    async handle(twin) {
      await twin.rotateSigningKey();
      return {};
    },
  },
  { call: "GET /faults", handle: ({ faults }) => ({ faults: faults.list }) },
  defineRoute("POST /faults", faultSchema, ({ faults }, fault) => faults.add(fault as Fault)),
  {
    call: "DELETE /faults",
    handle({ faults }) {
      faults.clear();
      return {};
    },
  },
  { call: "DELETE /faults/{id}", handle: ({ faults }, _body, id) => emptyIf(faults.remove(id)) },
  {
    call: "POST /faults/{id}/release",
    handle: ({ faults }, _body, id) =>
      faults.list.some((fault) => fault.id === id) ? { released: faults.release(id) } : undefined,
  },
  { call: "GET /snapshot", handle: (twin) => twin.snapshot() },
  defineRoute("PUT /snapshot", z.unknown(), (twin, snapshot) => {
    twin.restore(snapshot);
    return {};
  }),
];

/**
 * Creates the HTTP API that controls a twin. It is meant for programs on this machine: requests with an `Origin`, as
 * browsers send them for a web site, and requests for another host name than loopback's are refused.
 */
export function createControlApp(twin: ControllableTwin): Hono<TwinEnv> {
  const app = createServiceApp<ControlRoute>({
    routes: ROUTES,
    async serve(c, { call, body: schema = z.undefined(), handle }) {
      const body = parseInput(schema, parseJson(await c.req.text()), `body of ${call}`);
      const id = c.req.param("id") ?? "";
      const result = await handle(twin, body as never, id);
      return result ? c.json(result) : c.json({ error: `unknown fault ${id}` }, 404);
    },
    refuse: (c) => c.json({ error: `The control API does not serve ${c.req.method} ${c.req.path}.` }, 501),
    formatError: (error, c) =>
      error instanceof InvalidInput ? c.json({ error: error.message }, 400) : undefined,
  });
  return new Hono<TwinEnv>().use(refuseWebSites).route("/", app);
}

const refuseWebSites: MiddlewareHandler<TwinEnv> = async (c, next) => {
  const host = new URL(c.req.url).hostname;
  if (c.req.header("origin") === undefined && ["127.0.0.1", "localhost"].includes(host)) return next();
  return c.json({ error: "The control API only serves programs on this machine." }, 403);
};

/** Parses a body; an empty one is undefined. @throws InvalidInput */
function parseJson(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInput("the body must be JSON");
  }
}
