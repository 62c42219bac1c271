import { exportOtherStacks } from "../../../../ops/stacks/state/other-stacks";

test("exports every stack of the backend except the stack itself, also those of other projects", async () => {
  const names = ["test", "dev", "organization/other/test", "organization/access/test"];
  const exported: string[] = [];
  await exportOtherStacks(
    async (...args) => {
      if (args[1] === "ls") return JSON.stringify(names.map((name) => ({ name })));
      exported.push(String(args.at(-1)));
      return "{}";
    },
    { project: "access", name: "test" },
  );
  expect(exported).toEqual(["dev", "organization/other/test"]);
});
