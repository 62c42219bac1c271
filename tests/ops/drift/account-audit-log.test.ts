import type Cloudflare from "cloudflare";
import { readAuditLog } from "../../../ops/clients/audit-log";
import { readAccountAuditLog } from "../../../ops/drift/account/audit-log";
import { contoso } from "../../../twin/index";

const { accountId } = contoso;
const LONG_AGO = "2026-01-01T00:00:00.000Z";

describe("the audit log of a Cloudflare account", () => {
  /** @param place creates the part of the response that contains the cursor of the next page */
  const client = (pages: object[][], place: (cursor: string) => object = (cursor) => ({ cursor })) => {
    const queries: { cursor?: string; limit: number; since: string }[] = [];
    const list = async (query: (typeof queries)[number]) => {
      queries.push(query);
      const at = Number(query.cursor ?? 0);
      const result_info = at + 1 < pages.length ? place(String(at + 1)) : { count: "1" };
      return { getPaginatedItems: () => pages[at], result_info };
    };
    return { queries, cloudflare: { accounts: { logs: { audit: { list } } } } as unknown as Cloudflare };
  };
  const entry = (time: string, more: object = {}) => ({
    action: { time, type: "update", result: "success" },
    actor: { token_name: "ci", token_id: "t" },
    resource: { id: "g", type: "groups" },
    ...more,
  });
  const options = { accountId, since: new Date(0), before: new Date(1), most: 10 };

  test.each([
    ["documented", (cursor: string) => ({ cursor })],
    ["that the client knows", (cursor: string) => ({ cursors: { after: cursor } })],
  ])("is read to its last page when the cursor is in the place %s", async (_place, place) => {
    const { queries, cloudflare } = client([[entry("1")], [entry("2")], [entry("3")]], place);
    expect(await readAuditLog(cloudflare, options)).toMatchObject({ entries: { length: 3 }, complete: true });
    expect(queries.map(({ cursor, limit }) => [cursor, limit])).toEqual([
      [undefined, 1000],
      ["1", 1000],
      ["2", 1000],
    ]);
  });

  test("is read up to a limit, which is reported", async () => {
    const { queries, cloudflare } = client(Array.from({ length: 9 }, () => [entry("1"), entry("2")]));
    expect(await readAuditLog(cloudflare, { ...options, most: 4 })).toMatchObject({
      entries: { length: 4 },
      complete: false,
    });
    expect(queries).toHaveLength(2);
    const long = client(Array.from({ length: 9 }, () => Array.from({ length: 1000 }, () => entry(LONG_AGO))));
    const { unchecked } = await readAccountAuditLog({ cloudflare: long.cloudflare, accountId }, [
      { id: "g", since: LONG_AGO },
    ]);
    expect(long.queries).toHaveLength(5);
    expect(unchecked).toEqual([
      {
        subject: expect.any(String),
        cause: expect.stringMatching(/^there are more than 5000 entries since 2026/),
      },
    ]);
  });

  test("is searched by id and path, since the stack's last change, without failed changes", async () => {
    const at = (day: number) => `2026-11-0${day}T00:00:00Z`;
    const uri = `/accounts/${accountId}/access/groups/g`;
    const { queries, cloudflare } = client([
      [
        entry(at(9), { resource: { id: "other" } }),
        entry(at(8), { action: { time: at(8), type: "update", result: "failure" } }),
        entry(at(7), { action: { time: at(7), type: "view", result: "success" } }),
        entry(at(6), {
          actor: { email: "ana@contoso.example", token_name: "laptop" },
          resource: {},
          raw: { uri },
        }),
        entry(at(5), { action: { time: at(5), type: "update", description: "Update Access Group" } }),
        entry(at(4), { actor: { type: "system" } }),
        entry(at(2)),
      ],
    ]);
    const objects = [
      { id: "g", since: at(3) },
      { id: "never", since: at(1) },
    ];
    const { entries } = await readAccountAuditLog({ cloudflare, accountId }, objects);
    expect(entries).toEqual({
      g: [
        { at: at(6), by: "ana@contoso.example", activity: "update" },
        { at: at(5), by: "ci (t)", activity: "Update Access Group" },
        { at: at(4), by: "Cloudflare", activity: "update groups" },
      ],
      never: [],
    });
    expect(queries).toMatchObject([{ since: new Date(at(1)).toISOString() }]);
  });
});
