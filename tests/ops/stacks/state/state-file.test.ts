import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFolderBackend } from "../../../../ops/stacks/state/folder-backend";
import { exportState, listStateFiles, readStateFile } from "../../../../ops/stacks/state/state-file";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "state-file-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (path: string, content: unknown) => {
  const full = join(folder, path);
  mkdirSync(join(full, ".."), { recursive: true });
  writeFileSync(full, typeof content === "string" ? content : JSON.stringify(content));
};

describe("the folder of a backend", () => {
  const project = { name: "p", runtime: "nodejs" as const };
  const find = (env: Record<string, string>, url?: string) =>
    findFolderBackend({ ...project, ...(url && { backend: { url } }) }, { PULUMI_HOME: folder, ...env });

  it("is looked for in the environment, then in Pulumi.yaml, then in the login", () => {
    expect(find({})).toBeUndefined();
    write("credentials.json", { current: "file:///login" });
    expect(find({})).toEqual({ folder: "/login", project: "p" });
    expect(find({}, "file:///project")).toEqual({ folder: "/project", project: "p" });
    const env = { PULUMI_BACKEND_URL: "file:///environment" };
    expect(find(env, "file:///project")).toEqual({ folder: "/environment", project: "p" });
  });

  it.each([
    ["file://~", "/home/ada"],
    ["file://~/states", "/home/ada/states"],
    ["file://./states", undefined],
    ["file:///states?no_tmp_dir=true", undefined],
    ["file:///my%20states", undefined],
    ["azblob://states", undefined],
    ["https://api.pulumi.com", undefined],
  ])("of %s is %s", (url, expected) => {
    expect(find({ PULUMI_BACKEND_URL: url, HOME: "/home/ada" })?.folder).toBe(expected);
  });
});

describe("the stacks of a project", () => {
  const list = () => listStateFiles({ folder, project: "p" });
  beforeEach(() => {
    write(".pulumi/meta.yaml", "version: 1\n");
    for (const file of ["prod.json", "dev.eu.json", "dev.eu.json.bak", "dev.eu.json.attrs", "gone.json.bak"])
      write(`.pulumi/stacks/p/${file}`, {});
    write(".pulumi/stacks/other/dev.json", {});
  });

  it("are the files with a state", () => {
    expect(list()).toEqual(["dev.eu", "prod"]);
  });

  it.each<[string, () => void]>([
    ["a state is compressed", () => write(".pulumi/stacks/p/old.json.gz", "")],
    ["the folder is of an older engine", () => write(".pulumi/meta.yaml", "version: 0\n")],
    ["the layout is unknown", () => rmSync(join(folder, ".pulumi/meta.yaml"))],
    ["the project has none", () => rmSync(join(folder, ".pulumi/stacks/p"), { recursive: true })],
  ])("are listed by the engine where %s", (_case, damage) => {
    damage();
    expect(list()).toBeUndefined();
  });
});

describe("the state of a stack", () => {
  const STATE = ".pulumi/stacks/p/dev.json";
  const latest = { manifest: { time: "2026-11-28T00:00:00Z" }, resources: [] };
  const checkpoint = { version: 3, checkpoint: { stack: "organization/p/dev", latest } };
  const read = () => readStateFile({ folder, project: "p" }, "dev");

  it("is read from its file in the form of an export", () => {
    write(STATE, checkpoint);
    expect(read()).toEqual({ version: 3, deployment: latest });
    write(STATE, { ...checkpoint, version: 4, features: ["hooks"] });
    expect(read()).toEqual({ version: 4, features: ["hooks"], deployment: latest });
  });

  it.each<[string, () => void]>([
    ["there is no file", () => {}],
    ["the file is compressed", () => write(`${STATE}.gz`, "x")],
    ["the file has another version", () => write(STATE, { ...checkpoint, version: 5 })],
    ["the file is empty", () => write(STATE, "")],
    ["the stack has no state yet", () => write(STATE, { version: 3, checkpoint: {} })],
    ["an engine was killed beside it", () => write(`${STATE}.attrs`, "")],
  ])("is left to the engine where %s", async (_case, change) => {
    if (!/no file/.test(_case)) write(STATE, checkpoint);
    change();
    expect(read()).toBeUndefined();
    const calls: string[][] = [];
    const runEngine = async (...args: string[]) => {
      calls.push(args);
      return '{"version":3}';
    };
    expect(await exportState(runEngine, { folder, project: "p" }, "dev")).toEqual({ version: 3 });
    expect(calls).toEqual([["stack", "export", "--stack", "dev"]]);
  });
});
