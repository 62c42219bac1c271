import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../../ops/demo/browser";
import { ensureBrowser } from "../../scripts/dev-tools/browser";

let server: Server;
beforeAll(async () => {
  server = createServer((_request, response) => response.end("here"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

test("reaches only this machine, even with a proxy, and leaves nothing behind", async () => {
  const temporary = mkdtempSync(join(tmpdir(), "launch-test-"));
  const { port } = server.address() as AddressInfo;
  const local = `http://127.0.0.1:${port}`;
  const env = { TMPDIR: process.env.TMPDIR, http_proxy: process.env.http_proxy };
  Object.assign(process.env, { TMPDIR: temporary, http_proxy: local });
  let browser: Browser | undefined;
  try {
    browser = await launchBrowser(await ensureBrowser());
    const page = await browser.newPage();
    for (const host of ["localhost", "127.0.0.1", "login.microsoftonline.com.localhost"]) {
      await page.goto(`http://${host}:${port}/`);
      expect(await page.textContent("body")).toBe("here");
    }
    for (const host of ["example.com", "login.microsoftonline.com", "203.0.113.1", "localhost.example.com"])
      await expect(page.goto(`http://${host}:${port}/`)).rejects.toThrow("ERR_NAME_NOT_RESOLVED");
    await browser.close();
    expect(readdirSync(temporary)).toEqual([]);
  } finally {
    await browser?.close();
    for (const [name, value] of Object.entries(env)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(temporary, { recursive: true, force: true });
  }
}, 60_000);
