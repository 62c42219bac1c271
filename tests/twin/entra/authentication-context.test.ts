import { decodeJwt } from "jose";
import { contosoUsers } from "../../../twin/index";
import type { ShownPage } from "./browser";
import { CA, useConditionalAccessFixture } from "./conditional-access-fixture";

const { ben } = contosoUsers;
const fixture = useConditionalAccessFixture();
const { address, browser, codeOf, declare, enter, graph, nameOutcome, redeem } = fixture;
const BLOCK = { builtInControls: ["block"] };

describe("an authentication context", () => {
  const context = { includeApplications: [], includeAuthenticationContextClassReferences: ["c1"] };
  const asking = { claims: '{"id_token":{"acrs":{"essential":true,"value":"c1"}}}' };
  const acrsOf = async (shown: ShownPage) =>
    decodeJwt((await redeem({ code: codeOf(shown) })).body.id_token).acrs;
  beforeEach(() => graph("PATCH", `${CA}/authenticationContextClassReferences/c1`, { isAvailable: true }));

  test("that no policy protects is in the token of whoever asks for it, and of nobody else", async () => {
    expect(await acrsOf(await enter())).toBeUndefined();
    expect(await acrsOf(await browser().go(address(asking)))).toEqual(["c1"]);
  });

  test("is given after a step-up, which keeps the sign-in", async () => {
    await declare({ applications: context });
    expect(nameOutcome(await enter())).toBe("in");
    expect(nameOutcome(await browser().go(address(asking)))).toBe("registration");
    expect(await acrsOf(await browser().submit({ second_factor: "register" }))).toEqual(["c1"]);
  });

  test("that a policy blocks is not given", async () => {
    await declare({ applications: context, grant: BLOCK });
    expect(nameOutcome(await enter(ben, asking))).toBe("AADSTS53003");
    expect(nameOutcome(await browser().go(address()))).toBe("in");
  });

  test.each(["vault", "c0", undefined])("with the id %s is a 501", async (value) => {
    const claims = JSON.stringify({ id_token: { acrs: { essential: true, value } } });
    expect((await browser().go(address({ claims }))).status).toBe(501);
  });
});
