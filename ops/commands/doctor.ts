import { JOB_NAMES } from "../../config/deployer/jobs";
import { VERDICT_EXIT_CODES } from "../checks/check";
import { describeCheckResults, describeVerdict } from "../checks/describe";
import { defineCommand } from "../command";
import { runDoctor } from "../doctor/doctor";
import { CWD_OPTION, choiceOption, jsonOption, STACK_ARGUMENT } from "../options";
import { Progress } from "../terminal/progress";

export const doctorCommand = defineCommand({
  description: `Checks the requirements of pulumi up: Node.js, engine, plugins, backend, stack and passphrase, sign-in to both clouds
and the permissions of the deployer, or of the identity of another job. Changes nothing.
Exit code: 0 all requirements are met, 2 something is missing, 1 something could not be checked.`,
  options: {
    stack: STACK_ARGUMENT,
    job: choiceOption(JOB_NAMES, "<job>", "job that the identity is for; default: deploy"),
    json: jsonOption("doctor"),
    cwd: CWD_OPTION,
  },
  async run({ stack, job, json, cwd: projectFolder }) {
    const check = () => runDoctor({ stack, job, projectFolder });
    const report = json ? await check() : await new Progress().step("Checking the requirements", check);
    const lines = [...describeCheckResults(report.checks), "", describeVerdict(report.result, report.checks)];
    console.log(json ? JSON.stringify(report, undefined, 2) : lines.join("\n"));
    return VERDICT_EXIT_CODES[report.result];
  },
});
