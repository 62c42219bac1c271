/**
 * A program for Pulumi's run loop that fails in each way that the stack's program can, one after the other, and prints
 * the time of the processor that the run loop takes to show each error.
 */
import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import runStack from "../../index";
import { accountId, tenantId } from "./mocks";

const target = { tenantId, accountId, teamName: "contoso" };
const access = { groups: { engineers: { include: { entraGroups: ["Engineers"] } } } };

const failures: Record<string, () => unknown> = {
  configuration: () => runWith({ ...target, teamName: "contoso.cloudflareaccess.com" }),
  preflight: () => runWith({ ...target, teamName: "fabrikam" }),
  "group names": () => runWith({ ...target, access }),
  rotation: () => runWith({ ...target, credential: { rotation: 4 } }),
  "provider function": () => pulumi.runtime.invoke("azuread:index/unknown:unknown", {}),
  apply: () => pulumi.output("x").apply(() => fail(new pulumi.RunError("thrown in an apply"))),
  "type error": () => pulumi.output("x").apply((text) => (text as unknown as string[]).map(String)),
  cause: () => fail(new Error("with a cause", { cause: new Error("the cause") })),
  zod: async () => z.strictObject({ name: z.string() }).parse({ name: 1 }),
};

function runWith(config: Record<string, unknown>): unknown {
  const texts = Object.entries(config).map(([name, value]) => [
    `entra-access:${name}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(texts));
  return runStack({ now: () => new Date("2026-11-01T00:00:00Z") });
}

async function fail(error: Error): Promise<never> {
  throw error;
}

async function failInEachWay(): Promise<void> {
  for (const [name, provoke] of Object.entries(failures)) {
    const shown = new Promise<number>((resolve) => {
      let before: NodeJS.CpuUsage;
      process.prependOnceListener("unhandledRejection", () => (before = process.cpuUsage()));
      process.once("unhandledRejection", () => {
        const { user, system } = process.cpuUsage(before);
        resolve((user + system) / 1_000_000);
      });
    });
    provoke();
    const seconds = await shown;
    console.log(JSON.stringify({ name, seconds }));
    if (seconds >= 3) return;
  }
}

export = failInEachWay();
