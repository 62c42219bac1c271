import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const schema = read("provider/components.schema.json");

describe("the schema of the components", () => {
  it("is as `npm run reference` writes it", () => {
    // A process of its own, because tests load the SDK without the TypeScript compiler.
    const print = `require("./scripts/reference/component-schema").buildComponentSchema().then((text) => process.stdout.write(text))`;
    const written = execFileSync(process.execPath, ["-r", "./ops/register.cjs", "-e", print], { cwd: root });
    expect(written.toString()).toBe(schema);
  });

  it("describes every argument and output of the components", () => {
    const { resources, version } = JSON.parse(schema);
    const undescribed = Object.entries<Record<string, Record<string, { description?: string }>>>(
      resources,
    ).flatMap(([type, { inputProperties, properties }]) =>
      Object.entries({ ...inputProperties, ...properties }).flatMap(([name, { description }]) =>
        description ? [] : [`${type}.${name}`],
      ),
    );
    expect(undescribed).toEqual([]);
    expect(Object.keys(resources)).toHaveLength(5);
    expect(version).toBe(JSON.parse(read("package.json")).version);
  });
});
