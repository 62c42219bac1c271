/** Something that rules and directory do not say, such as the country of a request. */
export interface Condition {
  readonly kind: ConditionKind;
  /** In words that complete "if ...": `from country DE`. */
  readonly text: string;
  /** The value that the rule compares with, for example `DE`. */
  readonly value?: string;
}

export type ConditionKind =
  | "country"
  | "address"
  | "second factor"
  | "authentication method"
  | "authentication context"
  | "service token"
  | "one-time PIN"
  | "justification"
  | "approval"
  | "assignment"
  | "person"
  | "other";

/** A condition of several parts. True and false are decided. */
export type Formula =
  | boolean
  | { readonly condition: Condition }
  | { readonly not: Formula }
  | { readonly all: readonly Formula[] }
  | { readonly any: readonly Formula[] };

export function createCondition(kind: ConditionKind, text: string, value?: string): Formula {
  return { condition: { kind, text, ...(value !== undefined && { value }) } };
}

export const all = (parts: readonly Formula[]): Formula => combine(parts, "all", true);
export const any = (parts: readonly Formula[]): Formula => combine(parts, "any", false);

export function not(formula: Formula): Formula {
  if (typeof formula === "boolean") return !formula;
  return "not" in formula ? formula.not : { not: formula };
}

/** @param neutral the value that a part may have without effect; its opposite decides */
function combine(parts: readonly Formula[], kind: "all" | "any", neutral: boolean): Formula {
  if (parts.includes(!neutral)) return !neutral;
  const flat = parts.flatMap((part): readonly Formula[] => {
    if (part === neutral) return [];
    return typeof part === "object" && kind in part
      ? (part as Record<typeof kind, readonly Formula[]>)[kind]
      : [part];
  });
  const each = [...new Map(flat.map((part) => [JSON.stringify(part), part])).values()];
  const [first = neutral, second] = each;
  if (second === undefined) return first;
  return kind === "all" ? { all: each } : { any: each };
}

/** Evaluates a formula in circumstances in which each condition is met or not. */
export function evaluate(formula: Formula, isMet: (condition: Condition) => boolean): boolean {
  if (typeof formula === "boolean") return formula;
  if ("condition" in formula) return isMet(formula.condition);
  if ("not" in formula) return !evaluate(formula.not, isMet);
  if ("all" in formula) return formula.all.every((part) => evaluate(part, isMet));
  return formula.any.some((part) => evaluate(part, isMet));
}

/** Conditions up to which all combinations are tried. */
const MOST_CONDITIONS = 8;

/** Decides a formula whose conditions cancel out, as in "from country DE, or not from country DE". */
export function settle(formula: Formula): Formula {
  const texts = [...new Set(listConditions(formula).map(({ text }) => text))];
  if (texts.length === 0 || texts.length > MOST_CONDITIONS) return formula;
  let [canHold, canFail] = [false, false];
  for (let bits = 0; bits < 2 ** texts.length && !(canHold && canFail); bits++) {
    const holds = evaluate(formula, ({ text }) => ((bits >> texts.indexOf(text)) & 1) === 1);
    if (holds) canHold = true;
    else canFail = true;
  }
  return canHold && canFail ? formula : canHold;
}

export function listConditions(formula: Formula): Condition[] {
  if (typeof formula === "boolean") return [];
  if ("condition" in formula) return [formula.condition];
  if ("not" in formula) return listConditions(formula.not);
  return ("all" in formula ? formula.all : formula.any).flatMap(listConditions);
}

/** Creates a text that is the same for formulas whose parts are the same in another order. */
export function createKey(formula: Formula): string {
  if (typeof formula === "boolean") return String(formula);
  if ("condition" in formula) return JSON.stringify(formula.condition);
  if ("not" in formula) return `not(${createKey(formula.not)})`;
  const [kind, parts] = "all" in formula ? ["all", formula.all] : ["any", formula.any];
  return `${kind}(${[...parts].map(createKey).sort().join()})`;
}

/** Describes a formula in words that complete "if ...". */
export function describeFormula(formula: Formula): string {
  if (typeof formula === "boolean") return formula ? "always" : "never";
  if ("condition" in formula) return formula.condition.text;
  if ("not" in formula) return `not ${describePart(formula.not)}`;
  if ("all" in formula) return formula.all.map(describePart).join(" and ");
  return formula.any.map(describePart).join(" or ");
}

function describePart(formula: Formula): string {
  const text = describeFormula(formula);
  return typeof formula === "object" && ("all" in formula || "any" in formula) ? `(${text})` : text;
}
