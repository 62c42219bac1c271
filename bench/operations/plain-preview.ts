import { LocalWorkspace } from "@pulumi/pulumi/automation";

/**
 * `pulumi preview --refresh` of one stack with the SDK as its documentation shows it and an inline program, which is
 * what the operations are compared with.
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
