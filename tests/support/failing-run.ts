import { type Operation, Stack, StackError, type StackOptions } from "../../ops/stacks";

/**
 * Runs the engine in a process of its own and prints the error it ends with, and the state it leaves, as JSON: a program that fails leaves
 * promises rejected for the SDK's handlers, which a test runner takes for failures of its own.
 */
async function main([operation, options]: string[]): Promise<void> {
  const stack = await Stack.open(JSON.parse(options ?? "") as StackOptions);
  const error = await stack[operation as Operation]().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StackError)) throw new Error(`expected a failed run, got ${error ?? "success"}`);
  const { message, causes, result } = error;
  const state = (await stack.export()).deployment;
  console.log(JSON.stringify({ message, causes, result, state }));
}

void main(process.argv.slice(2));
