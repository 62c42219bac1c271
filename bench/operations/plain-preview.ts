import { LocalWorkspace } from "@pulumi/pulumi/automation";

/**
 * Runs `pulumi preview --refresh` of one stack with an inline program, as the SDK's documentation shows it. The operations
 * are compared with it.
 */
async function main([stackName = "", workDir = ""]: readonly string[]): Promise<void> {
  const program = require(`${workDir}/index`);
  const stack = await LocalWorkspace.selectStack(
    { stackName, program, projectName: "entra-access" },
    { workDir },
  );
  const { changeSummary } = await stack.preview({ refresh: true });
  console.log(JSON.stringify(changeSummary));
}

void main(process.argv.slice(2));
