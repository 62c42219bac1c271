import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

/** A backend server that a test started. */
export interface TestServer {
  /** Environment that makes Pulumi keep its state there. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Finds a port that is free at the moment. */
export async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

/** Waits until a started program accepts connections. @throws Error when it ends instead */
export async function waitUntilListening(port: number, program: ChildProcess): Promise<void> {
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
