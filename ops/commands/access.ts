import { writeFileSync } from "node:fs";
import { findApplication, findPeople, listApplications } from "../access-review/find";
import { renderCsv } from "../access-review/report/csv";
import { describeSource } from "../access-review/report/format";
import { renderMarkdown } from "../access-review/report/markdown";
import { renderAccessPage } from "../access-review/report/page";
import { type AccessReport, createReport, describePerson } from "../access-review/report/report";
import { describeReview, describeWho } from "../access-review/report/text";
import { describeWhy, explainApplication, type WhyReport } from "../access-review/report/why";
import { readApplicationMemberships, reviewStacks, type StackReview } from "../access-review/review-stacks";
import { defineCommand } from "../command";
import { UsageError } from "../errors";
import {
  CWD_OPTION,
  flagOption,
  jsonOption,
  listOption,
  type OptionValues,
  pathOption,
  restArguments,
  textArgument,
} from "../options";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { replaceControlCharacters } from "../terminal/untrusted-text";

const OPTIONS = {
  action: textArgument("who, why or review"),
  names: restArguments("who <application>, why <person> [<application>]"),
  stack: listOption("<names>", "names of stacks, separated by commas; default: the selected stack"),
  all: flagOption("every stack of the project"),
  declared: flagOption("reads the settings of the stacks instead of the rules that the account enforces"),
  since: flagOption("with who: since when a group has each person, from Entra's audit log"),
  json: jsonOption("access"),
  csv: flagOption("prints one line per person and application"),
  markdown: flagOption("prints Markdown"),
  html: pathOption("<file>", "also writes the report as one HTML page"),
  cwd: CWD_OPTION,
};
type Options = Omit<OptionValues<typeof OPTIONS>, "action" | "names">;

export const accessCommand = defineCommand({
  description: `who <application>             everyone who can reach an application
why <person> [<application>]  policy by policy why or why not; without an application, all that this person can reach
review                        all people by all applications
Reads only, and stores nothing. Reports hold personal data: docs/commands/access.md says who may see them.
Exit code: 0, 2 if an application is open to anybody or to everyone, 1 if something could not be read.`,
  options: OPTIONS,
  async run({ action = "nothing", names, ...options }) {
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!act)
      throw new UsageError(`the action must be one of ${Object.keys(ACTIONS).join(", ")}; found ${action}`);
    if ([options.json, options.csv, options.markdown].filter(Boolean).length > 1)
      throw new UsageError("only one of --json, --csv and --markdown must be used");
    if (options.all && options.stack.length > 0)
      throw new UsageError("--all must not be combined with --stack");
    if (options.since && action !== "who") throw new UsageError("--since must be combined with who");
    return act(names, options);
  },
});

const ACTIONS: Readonly<Record<string, (names: readonly string[], options: Options) => Promise<number>>> = {
  async who(names, options) {
    const [name, more] = names;
    if (name === undefined || more !== undefined)
      throw new UsageError(`who requires one application; found ${names.length}`);
    const progress = new Progress(process.stderr);
    const review = await read(options, progress);
    const reviewed = findApplication(review.reviews, name);
    const isReported = (one: { id: string }) => one.id === reviewed.application.id;
    const since = options.since
      ? await progress.step("Reading the audit log", (note) =>
          readApplicationMemberships(review, reviewed, note),
        )
      : {};
    return print(
      createReport(review.reviews, { ...review, ...since, isReported, withChains: true }),
      options,
      describeWho,
    );
  },
  async why(names, options) {
    const [personName, applicationName, more] = names;
    if (personName === undefined || more !== undefined)
      throw new UsageError(`why requires a person and at most one application; found ${names.length} names`);
    if (options.csv || options.markdown || options.html)
      throw new UsageError("why must not be combined with --csv, --markdown or --html");
    const review = await read(options);
    const { population, reviews } = review;
    const applications =
      applicationName === undefined ? listApplications(reviews) : [findApplication(reviews, applicationName)];
    const reports = findPeople(population, personName).map((position): WhyReport => {
      const person = population.people[position];
      if (!person) throw new UsageError(`there is no person ${personName}`);
      const { madeAt, rules, stacks } = review;
      return {
        schema: "entra-access/access-why/1",
        madeAt,
        rules,
        stacks,
        person: describePerson(person),
        applications: applications.map(({ account, application }) =>
          explainApplication(account, application, position),
        ),
      };
    });
    if (options.json) console.log(JSON.stringify(reports.length === 1 ? reports[0] : reports, undefined, 2));
    else console.log(reports.flatMap((report) => [...describeWhy(report), ""]).join("\n"));
    return 0;
  },
  async review(names, options) {
    if (names.length > 0)
      throw new UsageError(`review takes no names; found ${names.length}. Name stacks with --stack`);
    const review = await read(options);
    return print(createReport(review.reviews, review), options, describeReview);
  },
};

function read(
  { stack, all, declared, cwd }: Options,
  progress = new Progress(process.stderr),
): Promise<StackReview> {
  return reviewStacks({
    stacks: all ? "all" : stack,
    declared,
    progress,
    signal: createInterruptSignal(),
    ...(cwd !== undefined && { projectFolder: cwd }),
  });
}

function print(
  report: AccessReport,
  { json, csv, markdown, html }: Options,
  describe: (report: AccessReport) => string[],
): number {
  // Only the user who runs the command may read the page.
  if (html !== undefined) writeFileSync(html, renderAccessPage(report), { mode: 0o600 });
  if (json) console.log(JSON.stringify(report, undefined, 2));
  else if (csv) {
    for (const part of renderCsv(report)) process.stdout.write(part);
    // A table of values has no place for it.
    console.error(replaceControlCharacters(describeSource(report)));
  } else console.log(markdown ? renderMarkdown(report) : describe(report).join("\n"));
  return report.applications.some(({ anybody, everyone }) => anybody || everyone) ? 2 : 0;
}
