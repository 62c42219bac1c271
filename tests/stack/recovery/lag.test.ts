import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { deployStack } from "../../../ops/recovery/deploy";
import { Progress } from "../../../ops/terminal/progress";
import type { Fault } from "../../../twin/index";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";

const lab = useEngineFixture();
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(lab.folder, "lag-"));
});
afterEach(() => lab.twin.reset());

const GRAPH = { service: "graph" } as const;
const PATCH_APPLICATION = { ...GRAPH, method: "PATCH", path: "/v1.0/applications/*" } as const;
const POST_GRANT = { ...GRAPH, method: "POST", path: "/v1.0/oauth2PermissionGrants" } as const;
const POST_PRINCIPAL = { ...GRAPH, method: "POST", path: "/v1.0/servicePrincipals" } as const;
const ADD_PASSWORD = { ...GRAPH, method: "POST", path: "/v1.0/applications/*/addPassword" } as const;

/** Sets faults. @returns how often each occurred */
function given(...faults: Fault[]): () => number[] {
  for (const fault of faults) lab.twin.faults.add(fault);
  return () => lab.twin.faults.list.map(({ used }) => used);
}

test("up retries what Graph has not replicated yet, and succeeds", async () => {
  const used = given(
    { on: PATCH_APPLICATION, effect: { kind: "lag", answers: 2 } },
    { on: POST_PRINCIPAL, effect: { kind: "lag", answers: 2 } },
    { on: POST_GRANT, count: { first: 2 }, effect: { kind: "error", status: 404 } },
  );
  lab.twin.principalDelaySeconds = 20;
  const { output } = await (await lab.stack()).up();
  expect(used()).toEqual([2, 2, 2]);
  // The token endpoint does not know the new service principal yet.
  expect(output).toContain("does not accept the new client secret yet (AADSTS7000229)");
});

test("fails on a 404 of addPassword, and the next up recovers", async () => {
  const used = given({ on: ADD_PASSWORD, effect: { kind: "lag", answers: 1 } });
  const error = await lab.failure("up", { directory });
  expect(error.message).toMatch(/Adding password for Application .* unexpected status 404/s);
  expect(used()).toEqual([1]);
  const stack = await lab.stack({ directory });
  const changes = formatChanges((await stack.up()).changes);
  expect(changes).toEqual(
    expect.arrayContaining(["create entra-credential", "create entra-identity-provider"]),
  );
  expect(changes.join()).not.toContain("entra-application");
});

test("up waits as long as both services demand while they throttle, and succeeds", async () => {
  const throttled = { kind: "error", status: 429 } as const;
  const used = given(
    { on: PATCH_APPLICATION, count: { first: 1 }, effect: { ...throttled, retryAfter: 1 } },
    { on: POST_GRANT, count: { first: 1 }, effect: { ...throttled, retryAfter: 0 } },
    { on: POST_PRINCIPAL, count: { first: 1 }, effect: throttled },
    {
      on: { service: "cloudflare", method: "POST" },
      count: { first: 1 },
      effect: { ...throttled, retryAfter: 1 },
    },
  );
  await (await lab.stack()).up();
  expect(used()).toEqual([1, 1, 1, 1]);
});

test("a bare up after an application was orphaned names the command that recovers", async () => {
  const read = { ...GRAPH, method: "GET", path: "/v1.0/applications/*" } as const;
  given({ on: read, count: { first: 1 }, effect: { kind: "error", status: 404 } });
  const folder = join(directory, "orphaned");
  await lab.failure("up", { directory: folder });
  const { message, result } = await lab.failure("up", { directory: folder });
  expect(message).toContain('An existing "azuread_application" with name "Cloudflare Access (contoso)"');
  expect(result.output.slice(result.output.indexOf("Diagnostics:"))).toContain("`npx entra-access up`");
  const stack = await lab.stack({ directory: folder });
  const { run } = await deployStack(stack, { progress: new Progress({ write: () => true }) });
  expect(formatChanges(run.changes)).toEqual(
    expect.arrayContaining(["create entra-identity-provider", "import entra-application"]),
  );
  const { changes, output } = await stack.preview();
  expect(formatChanges(changes)).toEqual([]);
  expect(output).not.toContain("npx entra-access up");
});
