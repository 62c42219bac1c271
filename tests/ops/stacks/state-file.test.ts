import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStateFile } from "../../../ops/stacks/state-file";

let folder: string;
const path = (name: string) => join(folder, ".pulumi/stacks/p", name);
const backend = () => `file://${folder}`;
const checkpoint = {
  version: 4,
  features: ["hooks"],
  checkpoint: { stack: "dev", latest: { resources: [] } },
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "state-file-test-"));
  mkdirSync(path("."), { recursive: true });
  writeFileSync(path("dev.json"), JSON.stringify(checkpoint));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("readStateFile", () => {
  it("reads the state with its format", () => {
    expect(readStateFile(backend(), "p", "dev")).toEqual({
      version: 4,
      features: ["hooks"],
      deployment: { resources: [] },
    });
  });

  it.each(["s3://bucket", "file://~/state", "file://./state", "file:///state?metadata=skip", undefined])(
    "leaves the backend %s to the engine",
    (other) => expect(readStateFile(other, "p", "dev")).toBeUndefined(),
  );

  it.each([
    ["of an unknown format", { ...checkpoint, version: 5 }],
    ["that was never deployed", { ...checkpoint, checkpoint: { stack: "dev" } }],
    ["without a checkpoint", { version: 4 }],
  ])("leaves a state %s to the engine", (_what, content) => {
    writeFileSync(path("dev.json"), JSON.stringify(content));
    expect(readStateFile(backend(), "p", "dev")).toBeUndefined();
  });

  it.each([
    ["whose file is damaged", () => writeFileSync(path("dev.json"), '{"version": 4, ')],
    ["whose file is missing", () => rmSync(path("dev.json"))],
    ["that is compressed", () => writeFileSync(path("dev.json.gz"), "")],
    ["whose attributes a killed engine left empty", () => writeFileSync(path("dev.json.attrs"), "")],
  ])("leaves a state %s to the engine", (_what, change) => {
    change();
    expect(readStateFile(backend(), "p", "dev")).toBeUndefined();
  });
});
