import { Stack } from "../../stacks";
import type { Engine } from "../../tools/engine";
import { type AccountLook, type AccountQuestion, lookAtAccount, unseen } from "../account/look";
import { ownedIn } from "../account/sight";
import { could, type Look, reasonOf, type Target } from "../stack/look";
import type { ProcessOptions } from "./process";

/** A stack to read from in this process: no program runs, so that any number may be read at once. */
export interface Readable {
  readonly stack: string;
  readonly target: Target;
  readonly projectFolder: string;
  readonly engine: Engine;
  /** On top of this process's environment. */
  readonly env: Readonly<Record<string, string>>;
}

type Within = Pick<ProcessOptions, "signal" | "patience">;

/** Reads what a stack's state owns of its account. Never throws: what goes wrong is that stack's result. */
export async function readOwned({ stack: name, target, ...where }: Readable, within: Within): Promise<Look> {
  const blank = { stack: name, ...target, differences: [], unowned: [], gaps: [] };
  const failed = (cause: string): Look => ({ drift: could({ ...blank, cause }) });
  return inTime(within, failed, async () => {
    const stack = await Stack.openExisting({ name, ...where });
    const account = { accountId: target.accountId ?? "", owned: ownedIn(await stack.export()) };
    return { drift: { ...blank, result: "as declared" }, account };
  });
}

/** Looks at an account through the sign-in of a stack. Never throws. */
export async function readAccount(
  { stack: name, target: _target, ...where }: Readable,
  question: AccountQuestion,
  within: Within,
): Promise<AccountLook> {
  return inTime(within, unseen, async () =>
    lookAtAccount(await Stack.openExisting({ name, ...where }), question),
  );
}

async function inTime<T>(
  { signal, patience }: Within,
  failed: (cause: string) => T,
  read: () => Promise<T>,
): Promise<T> {
  const late = AbortSignal.timeout(patience);
  const ended = AbortSignal.any([late, ...(signal ? [signal] : [])]);
  const cause = () =>
    late.aborted ? `it took longer than ${Math.round(patience / 1000)} seconds` : "interrupted";
  if (ended.aborted) return failed(cause());
  return Promise.race([
    read().catch((error: Error) => failed(reasonOf(error).cause)),
    new Promise<T>((resolve) => {
      ended.addEventListener("abort", () => resolve(failed(cause())), { once: true });
    }),
  ]);
}
