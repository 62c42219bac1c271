import type { Environment } from "../../config/target";
import { UserError } from "../errors";
import { type NewStackContext, throwIfInterrupted } from "./context";
import { InvalidAnswerError, type QuestionName, STACK_QUESTIONS, type StackAnswers } from "./questions";

/** Answers that are given as options. */
export type PresetAnswers = Readonly<Partial<Record<QuestionName, string>>> & {
  readonly environment?: Environment | undefined;
};

/** A person who answers questions. */
export interface Respondent {
  /** @returns undefined once there are no more answers */
  ask(question: string): Promise<string | undefined>;
  tell(line: string): void;
}

/**
 * Asks for the answers that are not given and checks all of them; asks again after an invalid one.
 *
 * @throws UserError where a given answer is invalid or an answer is missing
 */
export async function collectAnswers(
  given: PresetAnswers,
  context: NewStackContext,
  person?: Respondent,
): Promise<StackAnswers> {
  const initial: Partial<StackAnswers> = given.environment ? { environment: given.environment } : {};
  const settled: Partial<Record<QuestionName, Partial<StackAnswers>>> = {};
  for (let at = 0; at < STACK_QUESTIONS.length; ) {
    const question = STACK_QUESTIONS[at] as (typeof STACK_QUESTIONS)[number];
    const { name, flag, prompt } = question;
    const typed = given[name] ?? (await person?.ask(prompt));
    throwIfInterrupted(context);
    if (typed === undefined) throw new UserError(`${flag} is required; nothing was created`);
    try {
      const before = STACK_QUESTIONS.slice(0, at).map((earlier) => settled[earlier.name]);
      settled[name] = await question.check(typed, Object.assign({ ...initial }, ...before), context);
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
