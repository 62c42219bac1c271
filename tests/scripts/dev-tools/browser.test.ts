import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBrowser } from "../../../ops/demo/browser";
import { UserError } from "../../../ops/errors";
import { Progress } from "../../../ops/terminal/progress";
import { ensureBrowser } from "../../../scripts/dev-tools/browser";

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
      expect(findBrowser(env())).toBeUndefined();
      script(name);
      expect(findBrowser(env())).toBe(at(name));
    },
  );

  test("prefers the headless shell and skips files that are not executable", () => {
    script("google-chrome");
    script("chromium");
    script("chromium-headless-shell");
    expect(findBrowser(env())).toBe(at("chromium-headless-shell"));
    chmodSync(at("chromium-headless-shell"), 0o644);
    expect(findBrowser(env())).toBe(at("chromium"));
    chmodSync(at("chromium"), 0o644);
    expect(findBrowser(env())).toBe(at("google-chrome"));
  });

  test("prefers CHROMIUM to PATH, and requires it to be a program", () => {
    script("chromium");
    const CHROMIUM = script("my-own");
    expect(findBrowser({ ...env(), CHROMIUM })).toBe(CHROMIUM);
    expect(() => findBrowser({ ...env(), CHROMIUM: at("none") })).toThrow(
      `CHROMIUM must be the path of a program; found "${at("none")}"`,
    );
  });

  test("installs and prints nothing", async () => {
    aptGet(BRINGS_IT());
    script("chromium");
    expect(await ensureBrowser({ env: env(), progress })).toBe(at("chromium"));
    expect(called).toThrow("ENOENT");
    expect(printed).toBe("");
  });
});

describe("a browser that has to be got", () => {
  test("installs it with apt-get, without questions, as root", async () => {
    aptGet(BRINGS_IT());
    expect(await ensureBrowser({ env: env(), progress })).toBe(at("chromium-headless-shell"));
    expect(called()).toEqual(["noninteractive install --yes chromium-headless-shell"]);
    expect(printed).toContain("Installing Chromium");
  });

  test("installs Chromium where a release has no headless shell", async () => {
    aptGet(`[ $3 = chromium ] || { echo "E: Unable to locate package $3" >&2; exit 100; }\n${BRINGS_IT()}`);
    expect(await ensureBrowser({ env: env(), progress })).toBe(at("chromium"));
  });

  test("updates missing or old package lists first", async () => {
    aptGet(
      `[ -f ${at("lists")} ] || { echo "E: Unable to locate package $3" >&2; exit 100; }\n${BRINGS_IT()}`,
    );
    expect(await ensureBrowser({ env: env(), progress })).toBe(at("chromium-headless-shell"));
    expect(called().map((line) => line.split(" ")[1])).toEqual(["install", "update", "install"]);
  });

  test("reports apt-get's errors and what to do", async () => {
    aptGet('echo "W: old" >&2; echo "E: Unable to locate package chromium" >&2; exit 100');
    expect(await refusal()).toMatchObject({
      message: "Chromium is required: apt-get install chromium failed",
      next: ["E: Unable to locate package chromium", expect.stringContaining("set CHROMIUM to the path")],
    });
  });

  test("refuses an installation without the program", async () => {
    aptGet("exit 0");
    expect((await refusal()).message).toContain("apt-get install chromium did not install it");
  });

  test("reports the command when not root", async () => {
    aptGet(BRINGS_IT());
    jest.mocked(process.getuid as () => number).mockReturnValue(1000);
    expect((await refusal()).message).toContain(
      "root permissions are required: sudo apt-get install chromium",
    );
    expect(called).toThrow("ENOENT");
  });

  test("reports what to install without apt-get", async () => {
    expect(await refusal()).toMatchObject({
      message: expect.stringContaining("apt-get is not on PATH"),
      next: ["Install Chromium, or set CHROMIUM to the path of Chromium or Google Chrome."],
    });
  });

  test("does not retry an interrupted installation", async () => {
    aptGet("exec /bin/sleep 600");
    const controller = new AbortController();
    const stopped = ensureBrowser({ env: env(), progress, signal: controller.signal });
    controller.abort();
    await expect(stopped).rejects.toThrow("apt-get install chromium failed");
  });
});
