import type { Environment } from "../../config/target";
import { UserError } from "../errors";
import { type NewStackContext, throwIfInterrupted } from "./context";
import { InvalidAnswerError, type QuestionName, STACK_QUESTIONS, type StackAnswers } from "./questions";

/** What is known before anybody is asked. */
export type PresetAnswers = Readonly<Partial<Record<QuestionName, string>>> & {
  readonly environment?: Environment | undefined;
};

/** Somebody who answers. */
export interface Respondent {
  /** Undefined once there are no more answers. */
  ask(question: string): Promise<string | undefined>;
  tell(line: string): void;
}

/**
 * Asks for what is not given and checks every answer; a wrong one is asked for again.
 *
 * @throws UserError where something given is wrong, or an answer is missing and nobody gives it
 */
export async function collectAnswers(
  given: PresetAnswers,
  site: NewStackContext,
  person?: Respondent,
): Promise<StackAnswers> {
  const known: Partial<StackAnswers> = given.environment ? { environment: given.environment } : {};
  const settled: Partial<Record<QuestionName, Partial<StackAnswers>>> = {};
  for (let at = 0; at < STACK_QUESTIONS.length; ) {
    const question = STACK_QUESTIONS[at] as (typeof STACK_QUESTIONS)[number];
    const { name, flag, asks } = question;
    const typed = given[name] ?? (await person?.ask(asks));
    throwIfInterrupted(site);
    if (typed === undefined) throw new UserError(`no answer for ${flag}: nothing was made`);
    try {
      const before = STACK_QUESTIONS.slice(0, at).map((earlier) => settled[earlier.name]);
      settled[name] = await question.check(typed, Object.assign({ ...known }, ...before), site);
      at += 1;
    } catch (error) {
      if (!(error instanceof InvalidAnswerError)) throw error;
      const again = [error.from, name].find((one) => one && given[one] === undefined);
      if (!again) throw new UserError(`${flag} ${typed}: ${error.message}`, error.next);
      for (const line of [error.message, ...error.next]) person?.tell(`  ${line}`);
      at = STACK_QUESTIONS.findIndex((other) => other.name === again);
    }
  }
  return Object.assign({}, ...Object.values(settled)) as StackAnswers;
}
