import { spawnSync } from "node:child_process";

test("outside of Jest, Cloudflare's client is loaded without the products that nothing here uses", () => {
  const program = `
    require("./ops/register.cjs");
    const { createCloudflareClient } = require("./ops/clients/cloudflare.ts");
    const client = createCloudflareClient({ baseUrl: "http://127.0.0.1:1", apiToken: "x".repeat(40) });
    const methods = [client.accounts.logs.audit, client.user.tokens, client.zeroTrust.access.groups].map(({ list }) => typeof list);
    const files = Object.keys(require.cache).filter((path) => path.includes("node_modules/cloudflare/"));
    console.log(JSON.stringify({ methods, products: [...new Set(files.flatMap((path) => /resources.([^/]+.[^/.]+)/.exec(path)?.[1] ?? []))] }));`;
  const { stdout } = spawnSync(process.execPath, ["-e", program], { encoding: "utf8" });
  const { methods, products } = JSON.parse(stdout);
  expect(methods).toEqual(["function", "function", "function"]);
  expect(products.sort()).toEqual([
    "accounts/logs",
    "accounts/tokens",
    "user/tokens",
    "zero-trust/access",
    "zero-trust/gateway",
    "zero-trust/identity-providers",
    "zero-trust/networks",
    "zero-trust/organizations",
  ]);
});
