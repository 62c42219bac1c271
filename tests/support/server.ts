import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

/** A server that a test started for itself. */
export interface Server {
  /** What tells Pulumi to keep its state there. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

/** Waits until a program that was just started takes connections. @throws Error when it ends instead */
export async function untilItAnswers(port: number, program: ChildProcess): Promise<void> {
  while (program.exitCode === null && program.signalCode === null) {
    const socket = connect(port, "127.0.0.1");
    const answers = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (answers) return;
    await new Promise((retry) => setTimeout(retry, 20));
  }
  throw new Error(`${program.spawnfile} ended at once (${program.exitCode ?? program.signalCode})`);
}
