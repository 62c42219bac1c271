import type { Environment } from "../../config/target";
import { UserError } from "../errors";
import { type Answers, type Asked, QUESTIONS, WrongAnswer } from "./questions";
import { type Site, stopIfInterrupted } from "./site";

/** What is known before anybody is asked. */
export type Given = Readonly<Partial<Record<Asked, string>>> & {
  readonly environment?: Environment | undefined;
};

/** Somebody who answers. */
export interface Person {
  /** Undefined once there are no more answers. */
  ask(question: string): Promise<string | undefined>;
  tell(line: string): void;
}

/**
 * Asks for what is not given and checks every answer; a wrong one is asked for again.
 *
 * @throws UserError where something given is wrong, or an answer is missing and nobody gives it
 */
export async function interview(given: Given, site: Site, person?: Person): Promise<Answers> {
  const known: Partial<Answers> = given.environment ? { environment: given.environment } : {};
  const settled: Partial<Record<Asked, Partial<Answers>>> = {};
  for (let at = 0; at < QUESTIONS.length; ) {
    const question = QUESTIONS[at] as (typeof QUESTIONS)[number];
    const { name, flag, asks } = question;
    const typed = given[name] ?? (await person?.ask(asks));
    stopIfInterrupted(site);
    if (typed === undefined) throw new UserError(`no answer for ${flag}: nothing was made`);
    try {
      const before = QUESTIONS.slice(0, at).map((earlier) => settled[earlier.name]);
      settled[name] = await question.check(typed, Object.assign({ ...known }, ...before), site);
      at += 1;
    } catch (error) {
      if (!(error instanceof WrongAnswer)) throw error;
      const again = [error.from, name].find((one) => one && given[one] === undefined);
      if (!again) throw new UserError(`${flag} ${typed}: ${error.message}`, error.next);
      for (const line of [error.message, ...error.next]) person?.tell(`  ${line}`);
      at = QUESTIONS.findIndex((other) => other.name === again);
    }
  }
  return Object.assign({}, ...Object.values(settled)) as Answers;
}
