import { format, stripVTControlCharacters } from "node:util";
import { main } from "../../ops/cli";

export interface ProcessResult {
  code: number;
  out: string;
  err: string;
}

/**
 * Runs `npx entra-access` without a terminal in this process, which has loaded most of it: a process of its own takes half
 * a second of processor time more. Commands must not overlap.
 *
 * @param env added to the environment
 */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ProcessResult> {
  const before = { ...process.env };
  const printed = { out: "", err: "" };
  const streams = [process.stdin, process.stdout, process.stderr];
  const terminals = streams.map(({ isTTY }) => isTTY);
  const write = (to: keyof typeof printed) => (text: unknown) => {
    printed[to] += text;
    return true;
  };
  const line =
    (to: keyof typeof printed) =>
    (...values: unknown[]) => {
      printed[to] += `${format(...values)}\n`;
    };
  const spies = [
    jest.spyOn(process.stdout, "write").mockImplementation(write("out")),
    jest.spyOn(process.stderr, "write").mockImplementation(write("err")),
    jest.spyOn(console, "log").mockImplementation(line("out")),
    jest.spyOn(console, "error").mockImplementation(line("err")),
  ];
  for (const stream of streams) stream.isTTY = false;
  Object.assign(process.env, env);
  try {
    const code = await main(args);
    return {
      code,
      out: stripVTControlCharacters(printed.out),
      err: stripVTControlCharacters(printed.err),
    };
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
    for (const [i, stream] of streams.entries()) stream.isTTY = terminals[i] as boolean;
    for (const spy of spies) spy.mockRestore();
  }
}
