import { startTwin, type Twin, type TwinOptions } from "../../twin/index";
import { TwinClient } from "./client";

/** Sets up a twin and a client for a test file, reset before each test. Its clock is frozen unless `now` is given. */
export function useTwin(
  assign: (ready: { twin: Twin; client: TwinClient }) => void,
  options: Pick<TwinOptions, "now" | "seed"> = {},
): void {
  let twin: Twin;
  let client: TwinClient;
  const frozen = options.now === undefined;
  beforeAll(async () => {
    twin = await startTwin({ frozen, ...options });
    client = new TwinClient(twin);
    assign({ twin, client });
  });
  beforeEach(() => {
    twin.reset();
    if (frozen) twin.clock.freeze();
  });
  afterAll(async () => {
    await client.close();
    await twin.close();
  });
}
