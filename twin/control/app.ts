import { Hono } from "hono";
import { z } from "zod";
import { type Fault, faultSchema } from "../faults/fault";
import type { Twin } from "../index";
import { checked, InvalidInput } from "../input";
import { placesSchema, seedSchema } from "./seed-schema";

/** What the control API steers. */
export type Controlled = Pick<
  Twin,
  | "clock"
  | "faults"
  | "mails"
  | "places"
  | "requests"
  | "reset"
  | "restore"
  | "rotateSigningKey"
  | "secretDelaySeconds"
  | "snapshot"
>;

interface Route {
  /** Method and path. */
  call: string;
  /** What the body has to be; without it, it has to be empty. */
  body?: z.ZodType;
  /** @returns what is answered; undefined means there is no such fault */
  answer(twin: Controlled, body: never, id: string): object | undefined | Promise<object>;
}

function route<Body extends z.ZodType>(
  call: string,
  body: Body,
  answer: (twin: Controlled, body: z.output<Body>, id: string) => object | undefined,
): Route {
  return { call, body, answer };
}

/** In seconds; no clock needs to go farther at once. */
const CENTURY = 100 * 365 * 24 * 3600;

const now = ({ clock }: Controlled) => ({ now: clock.now().toISOString(), frozen: clock.isFrozen });
const done = (was: boolean) => (was ? {} : undefined);

/** Every call that is served; all else is a 501. */
const ROUTES: Route[] = [
  { call: "GET /requests", answer: ({ requests }) => ({ requests }) },
  route("POST /reset", seedSchema.optional(), (twin, seed) => {
    twin.reset(seed);
    return {};
  }),
  { call: "GET /clock", answer: now },
  route("PUT /clock", z.strictObject({ now: z.iso.datetime() }), (twin, body) => {
    twin.clock.set(new Date(body.now));
    return now(twin);
  }),
  route(
    "POST /clock/advance",
    z.strictObject({ seconds: z.number().min(-CENTURY).max(CENTURY) }),
    (twin, { seconds }) => {
      twin.clock.advance(seconds);
      return now(twin);
    },
  ),
  {
    call: "POST /clock/freeze",
    answer(twin) {
      twin.clock.freeze();
      return now(twin);
    },
  },
  {
    call: "POST /clock/unfreeze",
    answer(twin) {
      twin.clock.unfreeze();
      return now(twin);
    },
  },
  {
    call: "GET /secret-delay",
    answer: ({ secretDelaySeconds: seconds }) => ({ seconds }),
  },
  route("PUT /secret-delay", z.strictObject({ seconds: z.number().nonnegative() }), (twin, { seconds }) => {
    twin.secretDelaySeconds = seconds;
    return { seconds };
  }),
  { call: "GET /mails", answer: ({ mails }) => ({ mails }) },
  { call: "GET /places", answer: ({ places }) => places },
  route("PUT /places", placesSchema, (twin, places) => {
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
  route("POST /faults", faultSchema, ({ faults }, fault) => faults.add(fault as Fault)),
  {
    call: "DELETE /faults",
    answer({ faults }) {
      faults.clear();
      return {};
    },
  },
  { call: "DELETE /faults/:id", answer: ({ faults }, _body, id) => done(faults.remove(id)) },
  {
    call: "POST /faults/:id/release",
    answer: ({ faults }, _body, id) =>
      faults.list.some((fault) => fault.id === id) ? { released: faults.release(id) } : undefined,
  },
  { call: "GET /snapshot", answer: (twin) => twin.snapshot() },
  route("PUT /snapshot", z.unknown(), (twin, snapshot) => {
    twin.restore(snapshot);
    return {};
  }),
];

/**
 * Steers a twin over HTTP. For programs of this machine alone: what a browser sends for a web site, and what comes by
 * another name than loopback's, is refused.
 */
export function controlApp(twin: Controlled): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    const host = new URL(c.req.url).hostname;
    if (c.req.header("origin") !== undefined || !["127.0.0.1", "localhost"].includes(host)) {
      return c.json({ error: "only for programs of this machine" }, 403);
    }
    return next();
  });
  for (const { call, body: schema, answer } of ROUTES) {
    const [method = "", path = ""] = call.split(" ");
    app.on(method, path, async (c) => {
      const body = checked(schema ?? z.undefined(), json(await c.req.text()), `body of ${call}`);
      const result = await answer(twin, body as never, c.req.param("id") ?? "");
      return result ? c.json(result) : c.json({ error: `there is no fault ${c.req.param("id")}` }, 404);
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

/** @throws InvalidInput when it is not JSON; nothing at all is undefined */
function json(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInput("the body is not JSON");
  }
}
