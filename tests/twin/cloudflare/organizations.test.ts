import { contoso } from "../../../twin/index";
import type { SendCall, TwinClient } from "../client";
import { useTwin } from "../twin-fixture";

let client: TwinClient;
let call: SendCall;

useTwin(
  (ready) => {
    client = ready.client;
    call = client.accessAs(contoso.accountId, contoso.tokens.deployer.value);
  },
  { now: () => new Date("2026-11-01T12:00:00Z") },
);

const PATH = "/organizations";

test("changes sent settings, keeps others, and clears them with null", async () => {
  const before = (await call("GET", PATH)).body.result;
  const auth_domain = "renamed.cloudflareaccess.com";
  const change = {
    name: "Renamed",
    auth_domain,
    session_duration: "8h",
    login_design: { header_text: "Hello" },
  };
  const changed = (await call("PUT", PATH, change)).body.result;
  expect(changed).toEqual({
    ...before,
    ...change,
    login_design: { ...before.login_design, header_text: "Hello" },
    updated_at: expect.any(String),
  });
  await call("PUT", PATH, { auto_redirect_to_identity: true });
  await call("PUT", PATH, { auto_redirect_to_identity: null });
  expect((await call("GET", PATH)).body.result).toEqual(changed);
  expect((await call("PUT", PATH, changed)).body.result).toEqual(changed);
});

test.each([
  ["a name of nothing", { name: "" }, 400],
  ["a duration that is none", { session_duration: "a day" }, 400],
  ["WARP, which has no session duration", { allow_authenticate_via_warp: true }, 400],
  ["a team domain of another account", { auth_domain: "fabrikam.cloudflareaccess.com" }, 501],
  ["a domain of another kind", { auth_domain: "login.contoso.example" }, 400],
  ["a setting that the twin does not have", { deny_unmatched_requests: true }, 501],
])("%s is refused", async (_what, body, status) => {
  const before = await call("GET", PATH);
  expect((await call("PUT", PATH, body)).status).toBe(status);
  expect(await call("GET", PATH)).toEqual(before);
});

test("refuses a change with reading permissions", async () => {
  const auditor = client.accessAs(contoso.accountId, contoso.tokens.auditor.value);
  expect((await auditor("PUT", PATH, { name: "Renamed" })).status).toBe(403);
});
