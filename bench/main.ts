import { measureAccessReview } from "./access-review";
import { measureOperations } from "./operations";
import { measureUpFromNothing } from "./operations/up-from-nothing";
import { measureTwin } from "./twin";

const PARTS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  twin: measureTwin,
  operations: measureOperations,
  up: measureUpFromNothing,
  "access-review": measureAccessReview,
};

/** Measures one part, or all of them: `npm run bench -- operations --stacks 1,10,50 --rounds 5`. */
async function main([name, ...args]: readonly string[]): Promise<void> {
  const parts = name === undefined ? Object.values(PARTS) : [PARTS[name]];
  for (const measure of parts) {
    if (!measure)
      throw new Error(`the part must be one of ${Object.keys(PARTS).join(", ")}; found "${name}"`);
    await measure(args);
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
