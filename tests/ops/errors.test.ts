import { describeError, ERROR_HINTS, findHint, UserError } from "../../ops/errors";

describe("the table of error codes", () => {
  test("has each code once, with one sentence of advice", () => {
    const codes = ERROR_HINTS.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const { advice } of ERROR_HINTS) expect(advice).toMatch(/^[^\n]+\.$/);
  });

  test.each([
    ["AADSTS7000215: Invalid client secret provided.", "AADSTS7000215"],
    ["AADSTS50011: The redirect URI does not match", "AADSTS50011"],
    [
      "AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:contoso@123456/access@456789:environment:production'.",
      "AADSTS700213",
    ],
    ["AADSTS7002138: The subject matches with case-insensitive comparison, but not", "AADSTS7002138"],
    [
      "unexpected status 403 with error: Authorization_RequestDenied: Insufficient",
      "Authorization_RequestDenied",
    ],
    ['403 Forbidden {"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}', "10000"],
    [
      "PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
      "PULUMI_ACCESS_TOKEN must be set",
    ],
    ["get stack secrets manager: incorrect passphrase", "incorrect passphrase"],
    ["secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or", "passphrase must be set"],
    [
      "Could not automatically download and install resource plugin 'pulumi-resource-azuread'",
      "Could not automatically download",
    ],
    ["was found and `prevent_duplicate_names` was specified", "prevent_duplicate_names"],
    ["Azure CLI could not be found. Please visit https://aka.ms/azure-cli", "Azure CLI could not be found"],
    ["Please run 'az login' from a command prompt to authenticate", "az login"],
    ["Cloudflare 12130: access.api.error.invalid_request", "12130"],
  ])("%s", (text, code) => expect(findHint(text)?.code).toBe(code));

  test.each([
    "it took 10000 ms", // a number alone is no Cloudflare code
    "AADSTS500113x is not AADSTS",
    "everything is fine",
    // The application's own client secret, not the deployer's: the error has its own advice.
    "Entra refuses the client secret after 600 s, so it was not sent to Cloudflare, which keeps the one before: AADSTS7000215: Invalid client secret provided. Deploy again.",
  ])("no advice for: %s", (text) => expect(findHint(text)).toBeUndefined());

  test("does not mistake a code for another that begins with it", () => {
    expect(findHint("AADSTS500113: no reply address")?.code).toBe("AADSTS500113");
    expect(findHint("AADSTS7000222: expired")?.advice).toContain("expired");
  });
});

describe("describeError", () => {
  test("prints the cause, the advice and the next steps without a stack trace", () => {
    const error = new UserError("sign-in refused: AADSTS90002: Tenant not found.", ["Then run it again."]);
    const [first, advice, next, ...rest] = describeError(error).split("\n");
    expect(first).toBe("error: sign-in refused: AADSTS90002: Tenant not found.");
    expect(advice).toContain("tenantId");
    expect(next).toBe("  Then run it again.");
    expect(rest).toEqual([]);
  });

  test("prints no stack trace for a known code", () => {
    expect(describeError(new Error("AADSTS7000222: expired"))).not.toContain("    at ");
  });

  test("prints code and message of an official client's error without a stack trace", () => {
    const error = Object.assign(new Error("It does not exist."), {
      statusCode: 404,
      code: "Request_ResourceNotFound",
    });
    expect(describeError(error).split("\n")[0]).toBe("error: Request_ResourceNotFound: It does not exist.");
    expect(describeError(Object.assign(new Error("418 teapot"), { status: 418 }))).toBe("error: 418 teapot");
  });

  test("prints the stack trace of internal errors", () => {
    expect(describeError(new TypeError("x is undefined"))).toMatch(
      /^error: TypeError: x is undefined\n {4}at /,
    );
  });

  test("prints anything that was thrown", () => expect(describeError("boom")).toBe("error: boom"));
});
