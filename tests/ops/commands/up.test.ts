import { parseArguments } from "../../../ops/command";
import { upCommand } from "../../../ops/commands/up";

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
