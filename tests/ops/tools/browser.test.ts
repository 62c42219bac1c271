import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../../ops/errors";
import { Progress } from "../../../ops/terminal/progress";
import { ensureBrowser, findBrowser } from "../../../ops/tools/browser";

let folder: string;
let printed: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "browser-test-"));
  printed = "";
  jest.spyOn(process, "getuid").mockReturnValue(0);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const progress = new Progress({
  write: (text: string) => {
    printed += text;
    return true;
  },
});

const at = (name: string) => join(folder, name);
const env = () => ({ PATH: folder });
function script(name: string, body = ""): string {
  writeFileSync(at(name), `#!/bin/sh\n${body}\n`);
  chmodSync(at(name), 0o755);
  return at(name);
}

/** An apt-get that notes how it was called; what `install` does is the test's. */
const aptGet = (install: string) =>
  script(
    "apt-get",
    `echo "$DEBIAN_FRONTEND $*" >> ${at("called")}\n[ "$1" = update ] && { >${at("lists")}; exit; }\n${install}`,
  );
/** Puts the program there that has the name of the package. */
const BRINGS_IT = () => `echo '#!/bin/sh' > ${folder}/$3; /bin/chmod +x ${folder}/$3`;
const called = () => readFileSync(at("called"), "utf8").trim().split("\n");

async function refusal(): Promise<UserError> {
  const error = await ensureBrowser({ env: env(), progress }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

describe("a browser that is there", () => {
  test.each(["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"])(
    "%s on PATH is found",
    (name) => {
      expect(findBrowser({ env: env() })).toBeUndefined();
      script(name);
      expect(findBrowser({ env: env() })).toBe(at(name));
    },
  );

  test("the one without windows comes before the others, what cannot be run is passed over", () => {
    script("google-chrome");
    script("chromium");
    script("chromium-headless-shell");
    expect(findBrowser({ env: env() })).toBe(at("chromium-headless-shell"));
    chmodSync(at("chromium-headless-shell"), 0o644);
    expect(findBrowser({ env: env() })).toBe(at("chromium"));
    chmodSync(at("chromium"), 0o644);
    expect(findBrowser({ env: env() })).toBe(at("google-chrome"));
  });

  test("CHROMIUM comes before PATH, and has to be a program", () => {
    script("chromium");
    const CHROMIUM = script("my-own");
    expect(findBrowser({ env: { ...env(), CHROMIUM } })).toBe(CHROMIUM);
    expect(() => findBrowser({ env: { ...env(), CHROMIUM: at("none") } })).toThrow(
      `CHROMIUM is "${at("none")}", which is no program`,
    );
  });

  test("nothing is installed, and nothing said", async () => {
    aptGet(BRINGS_IT());
    script("chromium");
    expect(await ensureBrowser({ env: env(), progress })).toBe(at("chromium"));
    expect(called).toThrow("ENOENT");
    expect(printed).toBe("");
  });
});

describe("a browser that has to be got", () => {
  test("root installs it with apt-get, which asks nothing", async () => {
    aptGet(BRINGS_IT());
    expect(await ensureBrowser({ env: env(), progress })).toBe(at("chromium-headless-shell"));
    expect(called()).toEqual(["noninteractive install --yes chromium-headless-shell"]);
    expect(printed).toContain("Installing Chromium");
  });

  test("a release that has it only with windows", async () => {
    aptGet(`[ $3 = chromium ] || { echo "E: Unable to locate package $3" >&2; exit 100; }\n${BRINGS_IT()}`);
    expect(await ensureBrowser({ env: env(), progress })).toBe(at("chromium"));
  });

  test("without package lists, or with old ones, they are fetched first", async () => {
    aptGet(
      `[ -f ${at("lists")} ] || { echo "E: Unable to locate package $3" >&2; exit 100; }\n${BRINGS_IT()}`,
    );
    expect(await ensureBrowser({ env: env(), progress })).toBe(at("chromium-headless-shell"));
    expect(called().map((line) => line.split(" ")[1])).toEqual(["install", "update", "install"]);
  });

  test("apt-get fails: its own words, and what to do", async () => {
    aptGet('echo "W: old" >&2; echo "E: Unable to locate package chromium" >&2; exit 100');
    expect(await refusal()).toMatchObject({
      message: "no Chromium on this machine: apt-get install chromium failed",
      next: ["E: Unable to locate package chromium", expect.stringContaining("set CHROMIUM to the path")],
    });
  });

  test("apt-get that brings something else is not believed", async () => {
    aptGet("exit 0");
    expect((await refusal()).message).toContain("apt-get install chromium did not bring it");
  });

  test("who is not root is told the command", async () => {
    aptGet(BRINGS_IT());
    jest.mocked(process.getuid as () => number).mockReturnValue(1000);
    expect((await refusal()).message).toContain("only root may install it: sudo apt-get install chromium");
    expect(called).toThrow("ENOENT");
  });

  test("no apt-get: what to install", async () => {
    expect(await refusal()).toMatchObject({
      message: expect.stringContaining("apt-get, which would install it, is not on PATH"),
      next: ["Install Chromium, or set CHROMIUM to the path of Chromium or Google Chrome."],
    });
  });

  test("an installation that is interrupted ends, and is not tried again", async () => {
    aptGet("exec /bin/sleep 600");
    const controller = new AbortController();
    const stopped = ensureBrowser({ env: env(), progress, signal: controller.signal });
    controller.abort();
    await expect(stopped).rejects.toThrow("apt-get install chromium failed");
  });
});
