import { signInToCloudflare } from "../../clients/deployer";
import type { Stack } from "../../stacks";
import { type Gap, type Trace, type Unowned, withTraces } from "../report";
import { type Traced, tracesOf } from "./audit-log";
import { thingsOf } from "./things";

/** What is asked of an account once, for all of its stacks that are looked at. */
export interface AccountQuestion {
  readonly accountId: string;
  /** RFC 3339: when the first of these stacks changed something last. */
  readonly since: string;
  /** Objects of stacks that are not as declared. */
  readonly changed: readonly Traced[];
  /** Ids of what stacks own or people accept; absent where it is not known. */
  readonly owned?: readonly string[];
}

export interface AccountLook {
  readonly unowned: readonly Unowned[];
  readonly gaps: readonly Gap[];
  /** Of {@link AccountQuestion.changed}, by id. */
  readonly traces: Readonly<Record<string, readonly Trace[]>>;
}

/** Looks at an account through the sign-in of one of its stacks; changes nothing. Throws where that has none. */
export async function lookAtAccount(stack: Stack, question: AccountQuestion): Promise<AccountLook> {
  const { accountId, since, changed, owned } = question;
  const account = { cloudflare: signInToCloudflare(await stack.providerSettings()), accountId };
  const { things, gaps } = owned ? await thingsOf(account) : UNKNOWN;
  const unowned = things.filter(({ id }) => !owned?.includes(id));
  const log = await tracesOf(account, [...changed, ...unowned.map(({ id }) => ({ id, since }))]);
  return {
    unowned: unowned.map((one) => withTraces(one, log.traces[one.id])),
    gaps: [...gaps, ...log.gaps],
    traces: log.traces,
  };
}

/** What is told of an account that could not be looked at. */
export function unseen(cause: string): AccountLook {
  return { unowned: [], gaps: [{ what: "the account", cause }], traces: {} };
}

const UNKNOWN = {
  things: [],
  gaps: [
    { what: "what no stack owns", cause: "the state of another stack of this account could not be read" },
  ],
};
