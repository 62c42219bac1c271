import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fetch } from "undici";
import { Progress } from "../ops/terminal/progress";
import { ensureEngine } from "../ops/tools/engine";

/** An address that is nobody's (RFC 5737): a test that fails here still reaches no one. */
const ELSEWHERE = "192.0.2.1";
const run = promisify(execFile);

describe("no test may leave this machine", () => {
  test("by a connection of its own", async () => {
    await expect(fetch(`https://${ELSEWHERE}/`)).rejects.toMatchObject({
      cause: { message: `No test may leave this machine: ${ELSEWHERE}:443` },
    });
    const refused = new Promise((_, reject) => connect(443, ELSEWHERE).on("error", reject));
    await expect(refused).rejects.toThrow(`No test may leave this machine: ${ELSEWHERE}:443`);
  });

  test("by a name", async () => {
    await expect(fetch("https://login.microsoftonline.com/")).rejects.toMatchObject({
      cause: { message: "No test may leave this machine: login.microsoftonline.com:443" },
    });
  });

  test("by a Node.js program that it starts", async () => {
    const program = `fetch("http://${ELSEWHERE}/").catch((error) => console.log(error.cause.message))`;
    const { stdout } = await run(process.execPath, ["-e", program]);
    expect(stdout.trim()).toBe(`No test may leave this machine: ${ELSEWHERE}:80`);
  });

  test("by the engine", async () => {
    const home = mkdtempSync(join(tmpdir(), "entra-access-network-"));
    try {
      const engine = await ensureEngine({ progress: new Progress() });
      const env = { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
      const install = run(
        engine.command,
        ["plugin", "install", "resource", "nobodys", "1.0.0", "--server", `https://${ELSEWHERE}`],
        { env },
      );
      await expect(install).rejects.toMatchObject({ stderr: expect.stringContaining("127.0.0.1:9") });
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }, 120_000);

  test("but loopback and sockets of this machine are open", async () => {
    const directory = mkdtempSync(join(tmpdir(), "entra-access-network-"));
    for (const address of [{ port: 0, host: "127.0.0.1" }, { path: join(directory, "socket") }]) {
      const server = createServer((socket) => socket.end("hello"));
      await new Promise<void>((listening) => server.listen(address, listening));
      const bound = server.address();
      const client = typeof bound === "string" ? connect(bound) : connect(bound?.port ?? 0);
      expect((await client.toArray()).join("")).toBe("hello");
      await new Promise((closed) => server.close(closed));
    }
    rmSync(directory, { recursive: true, force: true });
  });
});
