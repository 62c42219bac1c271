import { PassThrough } from "node:stream";
import { confirm } from "../../ops/confirm";

test.each([
  ["y\n", true],
  [" Yes \n", true],
  ["\n", false],
  ["n\n", false],
  ["yesterday\n", false],
  ["", false],
])("%j is %s", async (typed, expected) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = confirm("Really?", new AbortController().signal, { input, output });
  input.end(typed);
  expect(await answer).toBe(expected);
  expect(String(output.read())).toContain("Really? [y/N] ");
});

test("an interrupted question is answered with no", async () => {
  const controller = new AbortController();
  const answer = confirm("Really?", controller.signal, {
    input: new PassThrough(),
    output: new PassThrough(),
  });
  controller.abort();
  expect(await answer).toBe(false);
});
