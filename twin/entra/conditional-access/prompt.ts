import type { interactionPolicy, KoaContextWithOIDC } from "oidc-provider";
import { resolveSignInOrigin } from "../../store/cloudflare/places";
import type { EntraTenant } from "../../store/entra/tenant";
import type { Store } from "../../store/store";
import { SignInError } from "../errors";
import { ADDRESS_HEADER, ADMIN_CONSENT } from "../provider/provider-parameters";
import {
  chooseDemand,
  type Demand,
  evaluateConditionalAccess,
  type PolicyResult,
  type SignInFacts,
} from "./evaluate";
import { logSignIn } from "./sign-in-log";

/** The prompt for what Conditional Access demands, by its name in oidc-provider. */
export const CONDITIONAL_ACCESS = "conditional_access";

/** The errors for demands that nobody can meet on a page, and for all of them where no page may be shown. */
const ERRORS = {
  block: 53003,
  compliantDevice: 53000,
  domainJoinedDevice: 53001,
  mfa: 50076,
  signIn: 70044,
} as const satisfies Record<Demand, number>;

/**
 * Creates the prompt that asks for a second factor or another sign-in, and refuses what a page cannot ask for.
 *
 * @throws SignInError 53000, 53001, 53003; without pages also 50076 and 70044
 */
export function createConditionalAccessPrompt(
  store: Store,
  tenant: EntraTenant,
  { Check, Prompt }: typeof interactionPolicy,
) {
  return new Prompt(
    { name: CONDITIONAL_ACCESS, requestable: false },
    new Check(
      "demanded",
      "Conditional Access demands more",
      (ctx) => {
        const facts = readFacts(store, ctx);
        if (!facts) return Check.NO_NEED_TO_PROMPT;
        const results = evaluateConditionalAccess(tenant, facts);
        const demand = chooseDemand(results);
        if (demand === undefined) return Check.NO_NEED_TO_PROMPT;
        const isAsked = ctx.oidc.params?.prompt !== "none" && ["mfa", "signIn"].includes(demand);
        if (isAsked) return Check.REQUEST_PROMPT;
        throw refuse(store, tenant, { facts, results }, ERRORS[demand]);
      },
      (ctx) => {
        const facts = readFacts(store, ctx);
        return { demand: facts && chooseDemand(evaluateConditionalAccess(tenant, facts)) };
      },
    ),
  );
}

function refuse(
  store: Store,
  tenant: EntraTenant,
  refused: { facts: SignInFacts; results: PolicyResult[] },
  code: (typeof ERRORS)[Demand],
): SignInError {
  const error = new SignInError(code, {});
  const [reason = ""] = error.body(store.now()).error_description.split(" Trace ID:");
  logSignIn(store, tenant, { ...refused, error: { code, reason } });
  return error;
}

/** Logs a sign-in that succeeded, with what each policy says of it. */
export function logSuccess(store: Store, tenant: EntraTenant, ctx: KoaContextWithOIDC): void {
  const facts = readFacts(store, ctx);
  if (facts) logSignIn(store, tenant, { facts, results: evaluateConditionalAccess(tenant, facts) });
}

/** Reads the facts of a request; undefined before the user is known, and for the consent of an administrator. */
function readFacts(store: Store, ctx: KoaContextWithOIDC): SignInFacts | undefined {
  const { session, client, params } = ctx.oidc;
  if (!session?.accountId || !client || params?.[ADMIN_CONSENT] !== undefined) return undefined;
  return {
    userId: session.accountId,
    appId: client.clientId,
    contexts: readContexts(params?.claims),
    origin: resolveSignInOrigin(store.places, ctx.get(ADDRESS_HEADER)),
    amr: session.amr ?? [],
    signedInAt: Number(session.loginTs ?? 0) * 1000,
    now: store.now().getTime(),
  };
}

/** Reads the authentication contexts of the parameter `claims`, as text or as oidc-provider keeps it with a code. */
export function readContexts(claims: unknown): string[] {
  const requested = (typeof claims === "string" ? JSON.parse(claims) : claims) as
    | { id_token?: { acrs?: { value?: string; values?: string[] } } }
    | undefined;
  const { value, values = [] } = requested?.id_token?.acrs ?? {};
  return value === undefined ? values : [value, ...values];
}
