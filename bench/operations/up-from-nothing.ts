import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { loadProgram } from "../../ops/stacks/program";
import { createPulumiCommand } from "../../ops/stacks/pulumi-command";
import { findEngine } from "../../ops/tools/engine";
import { findPulumiHome } from "../../ops/tools/path";
import { type Fleet, startFleet } from "../../tests/fleet/fleet-fixture";
import { installOfficialPlugins } from "../../tests/support/official-plugins";
import type { TwinRequest } from "../../twin/index";
import { describeMachine } from "../measurements";
import { drawTimeline, type Span, summarizeRequests } from "./timeline";

const REPORT = join(__dirname, "../../docs/performance.md");
const STACK = "stack-1";

/**
 * Measures an `up` from nothing, with the official plugins that are in the Pulumi home and stand-ins for the others, and
 * draws its critical path into docs/performance.md.
 */
export async function measureUpFromNothing(): Promise<void> {
  const fleet = await startFleet(1);
  try {
    const official = installOfficialPlugins(
      fleet.envWithPlugins.PULUMI_HOME ?? "",
      findPulumiHome(process.env),
    );
    const [team] = fleet.teams;
    if (!team) throw new Error("the fleet has no team");
    await fleet.add(STACK, team);
    const times: number[] = [];
    const requests = fleet.twin.requests as TwinRequest[];
    const push = requests.push.bind(requests);
    requests.push = (...all) => {
      times.push(performance.now());
      return push(...all);
    };
    const spans = await recordUp(fleet);
    const plugins =
      official.length > 0 ? `the official ${official.join(", ")}, stand-ins for the others` : "stand-ins";
    const text = [
      `${describeMachine()} Plugins: ${plugins}.`,
      ...drawTimeline(spans, times),
      summarizeRequests(requests),
    ].join("\n\n");
    console.log(text);
    const report = readFileSync(REPORT, "utf8");
    writeFileSync(
      REPORT,
      report.replace(/(?<=## `up` from nothing\n.*?)Measured on\b.*?(?=\n## |$)/s, () => `${text}\n`),
    );
  } finally {
    await fleet.close();
  }
}

/** Runs `up`, and records when each resource began and ended. */
async function recordUp({ projectFolder, envWithPlugins }: Fleet): Promise<Span[]> {
  const began = performance.now();
  const spans = new Map<string, Span>();
  const stack = await LocalWorkspace.selectStack(
    {
      stackName: STACK,
      program: loadProgram(projectFolder, { ...process.env, ...envWithPlugins }),
      projectName: "entra-access",
    },
    {
      workDir: projectFolder,
      envVars: envWithPlugins,
      pulumiCommand: createPulumiCommand(await findEngine()),
    },
  );
  await stack.up({
    onEvent({ resourcePreEvent, resOutputsEvent }) {
      const { urn = "", type = "", op } = (resourcePreEvent ?? resOutputsEvent)?.metadata ?? {};
      const now = performance.now();
      if (op !== "create" || !/^(azuread|cloudflare):/.test(type)) return;
      const known = spans.get(urn) ?? {
        name: type.split(":").at(-1) ?? "",
        began: now,
        ended: now,
        isResource: true,
      };
      spans.set(urn, { ...known, ended: now });
    },
  });
  const ended = performance.now();
  const created = [...spans.values()];
  const first = Math.min(...created.map((span) => span.began));
  const last = Math.max(...created.map((span) => span.ended));
  return [
    { name: "engine, program and look-ups", began, ended: first },
    ...created,
    { name: "end of the engine", began: last, ended },
  ];
}
