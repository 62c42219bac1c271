import type { GroupSeed, UserSeed } from "./seed";

function buildMember(id: string, name: string, domain: string): UserSeed {
  const [givenName = "", surname = ""] = name.split(" ");
  const userPrincipalName = `${givenName.toLowerCase()}@${domain}`;
  const password = `${givenName.toLowerCase()}-not-a-real-password`;
  return { id, userPrincipalName, mail: userPrincipalName, displayName: name, givenName, surname, password };
}

const CONTOSO = "contoso.onmicrosoft.com";
const FABRIKAM = "fabrikam.onmicrosoft.com";

/** The users of Contoso: members (one disabled, one in no group, one an administrator) and a guest from Fabrikam. */
export const contosoUsers = {
  ada: buildMember("1a6e0b52-3c84-4f7d-9b21-6d5e8f0a7c31", "Ada Berg", CONTOSO),
  ben: buildMember("2b7f1c63-4d95-4a8e-8c32-7e6f9a1b8d42", "Ben Castro", CONTOSO),
  chidi: buildMember("3c802d74-5ea6-4b9f-9d43-8f70ab2c9e53", "Chidi Eze", CONTOSO),
  /** A user without groups. */
  dana: buildMember("4d913e85-6fb7-4ca0-8e54-9081bc3daf64", "Dana Fried", CONTOSO),
  /** May consent for all users; in no group. */
  farida: {
    ...buildMember("70b461b7-92e9-4fd2-9b86-c3b3ef5fd296", "Farida Ghani", CONTOSO),
    roles: ["Global Administrator"],
  },
  /** Disabled. */
  emil: {
    ...buildMember("5ea24f96-70c8-4db1-9f65-a192cd4eb075", "Emil Garde", CONTOSO),
    accountEnabled: false,
  },
  /** {@link fabrikamUsers.robin} as a guest, whose password is kept by the home tenant. */
  robin: {
    id: "6fb350a7-81d9-4ec2-8a76-b2a3de5fc186",
    userPrincipalName: `robin_${FABRIKAM}#EXT#@${CONTOSO}`,
    mail: `robin@${FABRIKAM}`,
    displayName: "Robin Hale",
    userType: "Guest",
  },
} satisfies Record<string, UserSeed>;

/** The groups of Contoso. `employees` contains `engineers`, so Ben is a nested member. */
export const contosoGroups = {
  engineers: {
    id: "70c461b8-92ea-4fd3-9b87-c3b4ef60d297",
    displayName: "Engineers",
    description: "Users of the engineering applications",
    members: [contosoUsers.ada.id, contosoUsers.ben.id],
    owners: [contosoUsers.ada.id],
  },
  employees: {
    id: "81d572c9-a3fb-40e4-8c98-d4c5f071e3a8",
    displayName: "Employees",
    members: [contosoUsers.chidi.id, contosoUsers.emil.id, "70c461b8-92ea-4fd3-9b87-c3b4ef60d297"],
    owners: [contosoUsers.chidi.id],
  },
  contractors: {
    id: "92e683da-b40c-41f5-9da9-e5d60182f4b9",
    displayName: "Contractors",
    members: [contosoUsers.robin.id],
  },
} satisfies Record<string, GroupSeed>;

/** The users of Fabrikam. */
export const fabrikamUsers = {
  robin: buildMember("a3f794eb-c51d-4206-8eba-f6e7129305ca", "Robin Hale", FABRIKAM),
  sana: buildMember("b408a5fc-d62e-4317-9fcb-07f823a416db", "Sana Iqbal", FABRIKAM),
} satisfies Record<string, UserSeed>;

/** The groups of Fabrikam: one with the name of a group of Contoso and another id. */
export const fabrikamGroups = {
  engineers: {
    id: "c519b60d-e73f-4428-80dc-180934b527ec",
    displayName: "Engineers",
    members: [fabrikamUsers.robin.id],
  },
} satisfies Record<string, GroupSeed>;
