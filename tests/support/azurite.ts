import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetch } from "undici";
import { findFreePort, type TestServer, waitUntilListening } from "./server";

// Azurite's well-known account: https://learn.microsoft.com/azure/storage/common/storage-use-azurite
const ACCOUNT = "devstoreaccount1";
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const CONTAINER = "state";

/** Starts Azure Blob Storage on loopback, in memory, with an empty container. */
export async function startAzurite(): Promise<TestServer> {
  const port = await findFreePort();
  const directory = mkdtempSync(join(tmpdir(), "entra-access-azurite-"));
  const options = ["--inMemoryPersistence", "--silent", "--disableTelemetry", "--skipApiVersionCheck"];
  const main = require.resolve("azurite/dist/src/blob/main.js");
  const server = spawn(process.execPath, [main, ...options, "--blobPort", String(port)], {
    cwd: directory,
    stdio: "ignore",
  });
  await waitUntilListening(port, server);
  await createContainer(port);
  return {
    env: {
      PULUMI_BACKEND_URL: `azblob://${CONTAINER}?protocol=http&domain=127.0.0.1:${port}&localemu=true`,
      AZURE_STORAGE_ACCOUNT: ACCOUNT,
      AZURE_STORAGE_KEY: KEY,
    },
    async close() {
      const ended = once(server, "exit");
      server.kill();
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key */
async function createContainer(port: number): Promise<void> {
  const headers = { "x-ms-date": new Date().toUTCString(), "x-ms-version": "2021-08-06" };
  const canonical = Object.entries(headers).map(([name, value]) => `${name}:${value}`);
  const resource = `/${ACCOUNT}/${ACCOUNT}/${CONTAINER}\nrestype:container`;
  const toSign = ["PUT", ...Array(11).fill(""), ...canonical, resource].join("\n");
  const signature = createHmac("sha256", Buffer.from(KEY, "base64")).update(toSign).digest("base64");
  const answer = await fetch(`http://127.0.0.1:${port}/${ACCOUNT}/${CONTAINER}?restype=container`, {
    method: "PUT",
    headers: { ...headers, authorization: `SharedKey ${ACCOUNT}:${signature}` },
  });
  if (answer.status !== 201) throw new Error(`Azurite made no container: ${await answer.text()}`);
}
