import { PERMISSION_SOURCES } from "../../scripts/reference/permission-sources";
import { GRAPH_PERMISSIONS } from "../../twin/graph/permissions";

describe.each(PERMISSION_SOURCES)("$resource", ({ calls, microsoft, notAccepted }) => {
  it.each(calls)("%s is in Microsoft's table as the page says", (call) => {
    const column = GRAPH_PERMISSIONS.calls[call];
    expect(column).toContain(microsoft);
    if (notAccepted) expect(column).not.toContain(notAccepted);
  });
});
