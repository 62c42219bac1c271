import { Hono } from "hono";
import { z } from "zod";
import { type Fault, faultSchema } from "../faults/fault";
import { InvalidInput, parseInput } from "../input";
import type { ControllableTwin } from "./controllable-twin";
import { placesSchema, seedSchema } from "./seed-schema";

interface Route {
  /** Method and path. */
  call: string;
  /** Schema of the request body; without one, the body must be empty. */
  body?: z.ZodType;
  /** @returns the JSON to answer with, or undefined (404) when there is no such fault */
  answer(twin: ControllableTwin, body: never, id: string): object | undefined | Promise<object>;
}

function defineRoute<Body extends z.ZodType>(
  call: string,
  body: Body,
  answer: (twin: ControllableTwin, body: z.output<Body>, id: string) => object | undefined,
): Route {
  return { call, body, answer };
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
const ROUTES: Route[] = [
  { call: "GET /requests", answer: ({ requests }) => ({ requests }) },
  defineRoute("POST /reset", seedSchema.optional(), (twin, seed) => {
    twin.reset(seed);
    return {};
  }),
  { call: "GET /clock", answer: describeClock },
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
    call: "POST /clock/freeze",
    answer(twin) {
      twin.clock.freeze();
      return describeClock(twin);
    },
  },
  {
    call: "POST /clock/unfreeze",
    answer(twin) {
      twin.clock.unfreeze();
      return describeClock(twin);
    },
  },
  {
    call: "GET /secret-delay",
    answer: ({ secretDelaySeconds: seconds }) => ({ seconds }),
  },
  defineRoute(
    "PUT /secret-delay",
    z.strictObject({ seconds: z.number().nonnegative() }),
    (twin, { seconds }) => {
      twin.secretDelaySeconds = seconds;
      return { seconds };
    },
  ),
  { call: "GET /token-replicas", answer: describeReplicas },
  defineRoute(
    "PUT /token-replicas",
    z.strictObject({ count: z.int().positive(), principalSeconds: z.number().nonnegative().default(0) }),
    (twin, { count, principalSeconds }) => {
      twin.tokenReplicas = count;
      twin.principalDelaySeconds = principalSeconds;
      return describeReplicas(twin);
    },
  ),
  { call: "GET /mails", answer: ({ mails }) => ({ mails }) },
  { call: "GET /places", answer: ({ places }) => places },
  defineRoute("PUT /places", placesSchema, (twin, places) => {
    twin.places = places;
    return places;
  }),
  {
    call: "POST /signing-key/rotate",
    async answer(twin) {
      await twin.rotateSigningKey();
      return {};
    },
  },
  { call: "GET /faults", answer: ({ faults }) => ({ faults: faults.list }) },
  defineRoute("POST /faults", faultSchema, ({ faults }, fault) => faults.add(fault as Fault)),
  {
    call: "DELETE /faults",
    answer({ faults }) {
      faults.clear();
      return {};
    },
  },
  { call: "DELETE /faults/:id", answer: ({ faults }, _body, id) => emptyIf(faults.remove(id)) },
  {
    call: "POST /faults/:id/release",
    answer: ({ faults }, _body, id) =>
      faults.list.some((fault) => fault.id === id) ? { released: faults.release(id) } : undefined,
  },
  { call: "GET /snapshot", answer: (twin) => twin.snapshot() },
  defineRoute("PUT /snapshot", z.unknown(), (twin, snapshot) => {
    twin.restore(snapshot);
    return {};
  }),
];

/**
 * Creates the HTTP API that controls a twin. It is meant for programs on this machine: requests with an `Origin`, as
 * browsers send them for a web site, and requests for another host name than loopback's are refused.
 */
export function createControlApp(twin: ControllableTwin): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    const host = new URL(c.req.url).hostname;
    if (c.req.header("origin") !== undefined || !["127.0.0.1", "localhost"].includes(host)) {
      return c.json({ error: "The control API only serves programs on this machine." }, 403);
    }
    return next();
  });
  for (const { call, body: schema, answer } of ROUTES) {
    const [method = "", path = ""] = call.split(" ");
    app.on(method, path, async (c) => {
      const body = parseInput(schema ?? z.undefined(), parseJson(await c.req.text()), `body of ${call}`);
      const result = await answer(twin, body as never, c.req.param("id") ?? "");
      return result ? c.json(result) : c.json({ error: `unknown fault ${c.req.param("id")}` }, 404);
    });
  }
  app.all("*", (c) =>
    c.json({ error: `The control API does not serve ${c.req.method} ${c.req.path}.` }, 501),
  );
  app.onError((error, c) => {
    if (!(error instanceof InvalidInput)) throw error;
    return c.json({ error: error.message }, 400);
  });
  return app;
}

/** Parses a body; an empty one is undefined. @throws InvalidInput */
function parseJson(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInput("the body must be JSON");
  }
}
