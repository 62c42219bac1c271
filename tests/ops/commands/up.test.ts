import { main } from "../../../ops/cli";
import { parseArguments } from "../../../ops/command";
import { upCommand } from "../../../ops/commands/up";
import { Stack } from "../../../ops/stacks";

jest.mock("../../../ops/tools/engine", () => ({ ensureEngine: async () => ({}) }));
jest.mock("../../../ops/terminal/interrupt");
afterEach(() => jest.restoreAllMocks());

test("says after Ctrl-C which command goes on, with exit code 130", async () => {
  const exportCached = () => Promise.reject(new Error("Command was killed with SIGINT"));
  const stack = { name: "payments", isInterrupted: true, exportCached } as unknown as Stack;
  jest.spyOn(Stack, "openExisting").mockResolvedValue(stack);
  jest.spyOn(process.stdout, "write").mockReturnValue(true);
  const printed = jest.spyOn(console, "error").mockImplementation();
  expect(await main(["up"])).toBe(130);
  expect(printed).toHaveBeenCalledWith(
    "error: interrupted\n  Go on from there: npx entra-access up payments",
  );
});

test("takes decisions about several resources", () => {
  const values = parseArguments(
    ["--import", "access-group-a=1, access-policy-b=2", "--create", "c,d"],
    upCommand,
  );
  expect(values).toMatchObject({
    import: new Map([
      ["access-group-a", "1"],
      ["access-policy-b", "2"],
    ]),
    create: ["c", "d"],
  });
  expect(parseArguments([], upCommand)).toMatchObject({ import: new Map(), create: [] });
});

test.each(["access-group-a", "=1", "access-group-a=", "a=accounts/1/2"])("refuses --import %s", (item) => {
  expect(() => parseArguments(["--import", item], upCommand)).toThrow(
    `--import must be the name of a resource and the id of an object, as in the error: resource=id; found "${item}"`,
  );
});
