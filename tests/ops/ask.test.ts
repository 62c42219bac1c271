import { PassThrough } from "node:stream";
import { ask, confirmed } from "../../ops/ask";

function terminal(answer: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  input.end(`${answer}\n`);
  return { input, output };
}

test("a person is asked, and the answer is taken without what surrounds it", async () => {
  const at = terminal(" the second ");
  expect(await ask("Which?", at)).toBe("the second");
  expect(String(at.output.read())).toBe("Which? ");
});

test.each([
  ["yes", true, true],
  ["y", true, false],
  ["", true, false],
  ["yes", false, false],
])('"%s" at a terminal (%s) is agreement: %s', async (answer, isTTY, agreed) => {
  expect(await confirmed("Go on?", terminal(answer, isTTY))).toBe(agreed);
});
