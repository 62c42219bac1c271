import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

const root = join(__dirname, "../../..");
const free = ["--microsoft-port", "0", "--cloudflare-port", "0", "--browser-port", "0"];

/** Starts the command and waits until it serves. */
async function serve(...options: string[]): Promise<{ child: ChildProcess; says: string }> {
  const child = spawn(process.execPath, ["ops/start.mjs", "twin", ...free, ...options], { cwd: root });
  let says = "";
  child.stderr.on("data", (text) => {
    says += text;
  });
  while (!says.includes("cloudflare:baseUrl")) {
    const [text] = await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
    says += text;
    if (child.exitCode !== null) throw new Error(says);
  }
  return { child, says };
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "prints its use, serves accordingly and stops cleanly after %s",
  async (signal) => {
    const { child, says } = await serve();
    const settings = Object.fromEntries(
      [...says.matchAll(/export (\w+)='(.*)'/g)].map(([, name, value]) => [name, value]),
    );
    expect(Object.keys(settings)).toEqual([
      "ARM_TENANT_ID",
      "ARM_CLIENT_ID",
      "ARM_CLIENT_SECRET",
      "ARM_METADATA_HOSTNAME",
      "CLOUDFLARE_API_TOKEN",
      "CLOUDFLARE_BASE_URL",
      "SSL_CERT_FILE",
      "NODE_EXTRA_CA_CERTS",
      "PULUMI_BACKEND_URL",
      "PULUMI_CONFIG_PASSPHRASE",
    ]);
    const metadata = `https://${settings.ARM_METADATA_HOSTNAME}/metadata/endpoints?api-version=2022-09-01`;
    const asked = spawnSync(
      process.execPath,
      ["-e", `fetch("${metadata}").then((r) => console.log(r.status))`],
      {
        env: { ...process.env, NODE_EXTRA_CA_CERTS: settings.NODE_EXTRA_CA_CERTS },
        encoding: "utf8",
      },
    );
    expect(asked.stdout).toBe("200\n");
    const organization = await fetch(
      `${settings.CLOUDFLARE_BASE_URL}/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/organizations`,
      {
        headers: { authorization: `Bearer ${settings.CLOUDFLARE_API_TOKEN}` },
      },
    );
    expect(organization.status).toBe(200);
    expect(says).toMatch(/Browser +http:\/\/localhost:\d+\n/);

    child.kill(signal);
    expect(await once(child, "exit")).toEqual([0, null]);
  },
  60_000,
);

test("serves the control API only with --control", async () => {
  const plain = await serve();
  plain.child.kill("SIGINT");
  expect(plain.says).not.toContain("Control");
  await once(plain.child, "exit");

  const { child, says } = await serve("--control", "--control-port", "0");
  const url = /Control +(http:\/\/127\.0\.0\.1:\d+)/.exec(says)?.[1];
  expect(await (await fetch(`${url}/faults`)).json()).toEqual({ faults: [] });
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
}, 60_000);

test("reports a port in use in the first line, with exit code 1", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  try {
    const done = spawnSync(
      process.execPath,
      ["ops/start.mjs", "twin", ...free, "--cloudflare-port", String(port)],
      { cwd: root, encoding: "utf8" },
    );
    expect(done.stderr.split("\n")[0]).toBe(`error: port ${port} must be free; another program uses it`);
    expect(done.status).toBe(1);
  } finally {
    other.close();
  }
}, 60_000);
