import child_process from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** An `az` that prints one access token. */
export interface FakeAzureCli {
  /** PATH with it. */
  readonly path: string;
  /** Signs in as somebody, and signs out whoever was signed in. */
  signIn(accessToken: string): void;
  signOut(): void;
  close(): void;
}

/** Puts the fake `az` in front of others for programs that this process starts. */
export function installAzureCli(): FakeAzureCli {
  const folder = mkdtempSync(join(tmpdir(), "azure-cli-"));
  const file = join(folder, "az");
  const path = [folder, process.env.PATH].join(delimiter);
  // @azure/identity passes no environment, and Jest's process.env is a copy that child processes don't get.
  const { exec } = child_process;
  const spy = jest
    .spyOn(child_process, "exec")
    .mockImplementation(((command: string, options: object, done: () => void) =>
      exec(command, { env: { ...process.env, PATH: path }, ...options }, done)) as typeof exec);
  const write = (script: string) => {
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  };
  return {
    path,
    signOut: () => write("echo \"Please run 'az login'\" >&2; exit 1"),
    signIn(accessToken) {
      const answer = JSON.stringify({
        accessToken,
        expiresOn: "2099-01-01 00:00:00.000000",
        tokenType: "Bearer",
      });
      write(`echo '${answer}'`);
    },
    close() {
      spy.mockRestore();
      rmSync(folder, { recursive: true });
    },
  };
}
