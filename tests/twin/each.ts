import { startTwin, type Twin, type TwinOptions } from "../../twin/index";
import { Client } from "./client";

/** For a test file: one twin, whose time stands still where `now` does not give it, and a client of it, handed over once; reset before each test. */
export function twinForEach(
  assign: (ready: { twin: Twin; client: Client }) => void,
  options: Pick<TwinOptions, "now" | "seed"> = {},
): void {
  let twin: Twin;
  let client: Client;
  const frozen = options.now === undefined;
  beforeAll(async () => {
    twin = await startTwin({ frozen, ...options });
    client = new Client(twin);
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
