import { describeAdoption } from "../adopt/describe";
import { planAdoption } from "../adopt/plan";
import { deployerClouds } from "../clients/deployer";
import type { Command } from "../command";
import { Progress } from "../progress";
import { openOwn } from "./up";

export const adopt: Command = {
  usage: `usage: npx entra-access adopt [stack] [--identity-provider <id>] [--json]

Finds what was made by hand as Microsoft's tutorial says, and shows what the stack would take over. Changes nothing.
Exit code: 0 it can be taken over, 2 there is something to choose or to mend first, 1 it failed.

  [stack]                   a new one, with accountId set; default: the one that pulumi stack select chose
  --identity-provider <id>  which one, where the account has several
  --json                    the report as JSON, schema entra-access/adopt/1 (docs/operations.md)
  -C, --cwd <f>             the folder of Pulumi.yaml; default: this one`,
  options: {
    "identity-provider": { type: "string" },
    json: { type: "boolean" },
    cwd: { type: "string", short: "C" },
  },
  positionals: ["stack"],
  async run({ stack: name, json, cwd, "identity-provider": id }) {
    const progress = new Progress(json ? process.stderr : process.stdout);
    const stack = await openOwn(progress, name, cwd);
    const { report } = await progress.step("Looking at both clouds", async () =>
      planAdoption(stack, await deployerClouds(await stack.providerSettings()), id as string | undefined),
    );
    console.log(json ? JSON.stringify(report, undefined, 2) : describeAdoption(report).join("\n"));
    return report.result === "can be adopted" ? 0 : 2;
  },
};
