import { type AccountDrift, type DriftReport, reportOf, type StackDrift } from "../report";
import { type Shard, shardOf } from "../shards";
import { could, type Look } from "../stack/look";
import { type Asked, accountDrift, questionsOf, tracedDrift } from "./accounts";
import { type ManyOptions, manyOf } from "./many";
import { inProcess } from "./process";
import { type Listed, needs, needsOfAccount } from "./project";
import { readAccount, readOwned } from "./reads";
import { runWithin, type Spent } from "./schedule";

export interface FleetOptions extends ManyOptions {
  /** Ids that no stack owns and that are no drift. */
  readonly accepted?: readonly string[];
  /** Which of several parts of them to look at; default: all. */
  readonly shard?: Shard;
  /** Whether to bring the stacks up before looking at them, as `npx entra-access up` does; default false. */
  readonly repair?: boolean;
  /** Told when a look at a stack begins, and what it found. */
  readonly onStack?: (stack: string, drift?: StackDrift) => void;
  /** The same of an account, which is looked at after its stacks. */
  readonly onAccount?: (accountId: string, drift?: AccountDrift) => void;
}

/**
 * Looks at many stacks, each in a process of its own and within `Limits`: what fails in one hides no other. States of
 * others and accounts are read in this process.
 *
 * @throws UserError when the stacks cannot be listed, or one that was named is not there
 */
export async function driftOf(options: FleetOptions = {}): Promise<DriftReport> {
  const checkedAt = new Date().toISOString();
  const { all, chosen: wanted, where, processes, limits } = await manyOf(options);
  const { env = {} } = options;
  const { shard } = options;
  const chosen = shard ? shardOf(wanted, ({ name, target }) => target.accountId ?? name, shard) : wanted;
  const neighbours = all.filter(
    (one) => !chosen.includes(one) && chosen.some((other) => sharesAccount(one, other)),
  );
  const spent: Spent[] = [];
  const job = (stack: Listed, task: "look" | "repair" | "owned") => ({
    ...needs(stack, task),
    run: async (): Promise<Look> => {
      const looking = task !== "owned";
      if (looking) options.onStack?.(stack.name);
      const about = { stack: stack.name, target: stack.target, ...where };
      const owned = () => readOwned({ ...about, env }, processes);
      const look =
        task === "owned"
          ? await owned()
          : stack.lock
            ? { ...(await owned()), drift: locked(stack, stack.lock) }
            : await inProcess({ ...about, task }, processes);
      if (looking) options.onStack?.(stack.name, look.drift);
      return look;
    },
  });
  const jobs = [
    ...chosen.map((one) => job(one, options.repair ? "repair" : "look")),
    ...neighbours.map((one) => job(one, "owned")),
  ];
  const looks = await runWithin(jobs, limits, undefined, spent);

  // Each account is asked once, when it is known what there is to ask.
  const accountJob = ({ stack: name, question }: Asked) => ({
    ...needsOfAccount(all, name, question.accountId),
    run: async () => {
      const { target } = all.find((one) => one.name === name) as Listed;
      options.onAccount?.(question.accountId);
      const look = await readAccount({ stack: name, target, ...where, env }, question, processes);
      const drift = accountDrift(question, look);
      options.onAccount?.(question.accountId, drift);
      return { traces: look.traces, drift };
    },
  });
  const asked = questionsOf(looks, options.accepted ?? []);
  const accounts = await runWithin(asked.map(accountJob), limits, undefined, spent);
  const traces = Object.assign({}, ...accounts.map((account) => account.traces));
  return reportOf(
    looks.slice(0, chosen.length).map((look) => tracedDrift(look, traces)),
    accounts.map(({ drift }) => drift),
    { checkedAt, shard: shard && `${shard.index}/${shard.of}` },
  );
}

const sharesAccount = (one: Listed, other: Listed) =>
  one.target.accountId !== undefined && one.target.accountId === other.target.accountId;

function locked({ name: stack, target }: Listed, holder: string): StackDrift {
  return could({
    stack,
    ...target,
    cause: `the stack is locked by ${holder}`,
    advice:
      "Somebody is working on it. If that run died, npx entra-access up or pulumi cancel takes the lock off.",
    differences: [],
    unowned: [],
    gaps: [],
  });
}
