import { PassThrough } from "node:stream";
import { askQuestion, Conversation, confirm } from "../../../ops/terminal/ask";

function terminal(answer: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  input.end(`${answer}\n`);
  return { input, output };
}

test("asks a person and trims the answer", async () => {
  const at = terminal(" the second ");
  expect(await askQuestion("Which?", at)).toBe("the second");
  expect(String(at.output.read())).toBe("Which? ");
});

test.each([
  ["yes", true, true],
  ["y", true, false],
  ["", true, false],
  ["yes", false, false],
])('"%s" at a terminal (%s) is agreement: %s', async (answer, isTTY, agreed) => {
  expect(await confirm("Go on?", terminal(answer, isTTY))).toBe(agreed);
});

test("takes neither the end of the input nor an interruption as confirmation", async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  input.end("");
  expect(await confirm("Go on?", { input, output: new PassThrough() })).toBe(false);
  const controller = new AbortController();
  const silent = Object.assign(new PassThrough(), { isTTY: true });
  const answer = confirm("Go on?", { input: silent, output: new PassThrough() }, controller.signal);
  controller.abort();
  expect(await answer).toBe(false);
});

describe("several questions in a row", () => {
  const never = new AbortController().signal;

  test("uses answers typed ahead, and none after the end of the input", async () => {
    const at = terminal(" one \ntwo");
    const conversation = new Conversation(at, never);
    expect([await conversation.ask("1?"), await conversation.ask("2?")]).toEqual(["one", "two"]);
    expect(await conversation.ask("3?")).toBeUndefined();
    expect(String(at.output.read())).toBe("1? 2? 3? \n");
  });

  test("has no answer after an interruption", async () => {
    const controller = new AbortController();
    const at = { input: new PassThrough(), output: new PassThrough() };
    const conversation = new Conversation(at, controller.signal);
    const asked = conversation.ask("1?");
    controller.abort();
    expect(await asked).toBeUndefined();
  });

  test("treats Ctrl-C at a terminal as an interruption", async () => {
    const at = { input: new PassThrough(), output: Object.assign(new PassThrough(), { isTTY: true }) };
    const interrupt = jest.fn();
    const conversation = new Conversation(at, never, interrupt);
    const asked = conversation.ask("1?");
    at.input.write("half\u0003\u0015one\r");
    expect(await asked).toBe("one");
    expect(interrupt).toHaveBeenCalledTimes(1);
    conversation.close();
  });
});
