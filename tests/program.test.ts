import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

// The options of Pulumi's Node.js language host (@pulumi/pulumi/cmd/run), which runs the program in production.
const host = `
  require("ts-node").register({
    compiler: "typescript", transpileOnly: undefined, project: "tsconfig.json", skipProject: false, compilerOptions: {},
  });
  console.log(typeof require("./index"));
`;

test("index.ts loads under ts-node as `pulumi up` loads it, and is a program to call", () => {
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", host], {
    cwd: resolve(__dirname, ".."),
    encoding: "utf8",
  });
  expect({ stdout, stderr }).toEqual({ stdout: "function\n", stderr: "" });
});
