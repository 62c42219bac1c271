import fc from "fast-check";
import { entryName } from "./values";

/** The names of the entries that the sections refer to. */
export interface EntryNames {
  pin: string;
  existing: string;
  tenant: string;
  people: string;
  theirs: string;
  breakGlass: string;
  everybody: string;
  places: string;
  services: string;
  datacenter: string;
  servers: string;
  ledger: string;
}

export const entryNames: fc.Arbitrary<EntryNames> = fc
  .uniqueArray(entryName, { minLength: 12, maxLength: 12 })
  .filter((all) => !all.includes("entra"))
  .map(([pin = "", existing = "", tenant = "", people = "", theirs = "", breakGlass = "", ...more]) => {
    const [everybody = "", places = "", services = "", datacenter = "", servers = "", ledger = ""] = more;
    return {
      pin,
      existing,
      tenant,
      people,
      theirs,
      breakGlass,
      everybody,
      places,
      services,
      datacenter,
      servers,
      ledger,
    };
  });
