import type * as pulumi from "@pulumi/pulumi";
import type { TenantObjects } from "./directory/tenant-objects";
import type { PresentLists } from "./undeclared";

/** A client secret. A change creates another client secret; the one before stays in Entra. */
export interface ClientSecretSettings {
  /** Display name in the Entra portal; default "<mark>#<number> cloudflare-access". */
  displayName?: pulumi.Input<string>;
  /**
   * Expiry of the client secret, in UTC and whole seconds, e.g. "2027-05-01T00:00:00Z".
   * A fraction of a second is refused: Entra drops it, and every later `up` would replace the client secret.
   */
  endDate: string;
  /** Number of the client secret, default 1. */
  number?: number;
}

export interface EntraApplicationArgs {
  /** Display name in Entra, e.g. "Cloudflare Access (contoso)". A second application of the same name is refused. */
  displayName: pulumi.Input<string>;
  /** Cloudflare Zero Trust team name, e.g. "contoso"; the redirect URI follows from it. */
  teamName: pulumi.Input<string>;
  /** The name that the team is about to get, whose redirect URI is registered as well; default: none. */
  nextTeamName?: string | undefined;
  /** The domain of the teams; default "cloudflareaccess.com". In Cloudflare for Government it is another. */
  teamsDomain?: string | undefined;
  /** The client secret, e.g. { endDate: "2027-05-01T00:00:00Z" }. */
  clientSecret: ClientSecretSettings;
  /**
   * Names of delegated Microsoft Graph permissions, e.g. ["openid", "User.Read"]. They are requested, and consented to
   * for the whole tenant. Default: those of Microsoft's tutorial. An unknown name throws.
   */
  permissions?: string[];
  /** Lets the application read Conditional Access for Cloudflare, with consent for the whole tenant; default: false. */
  readsConditionalAccess?: boolean;
  /**
   * Object ids of all owners of the application and its service principal. Default: the principal that deploys. Set
   * it if several principals deploy, or each sees the other as drift. A list without the principal that deploys causes
   * a warning: with only Application.ReadWrite.OwnedBy it locks itself out.
   * Adding an owner later also requires Directory.Read.All.
   */
  owners?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * Adds the optional `email` claim to id tokens, default false. Without it Cloudflare uses the user principal
   * name as the email address, which is wrong for guests.
   */
  emailClaim?: boolean;
  /** The claim in which Cloudflare looks for the address. If it is an optional one, id tokens get it. Default: none. */
  emailClaimName?: string | undefined;
  /** The home page in Entra and My Apps, e.g. "https://wiki.contoso.example"; default: stays as it is. */
  homepageUrl?: pulumi.Input<string> | undefined;
  /** Notes for administrators; default: they stay as they are. */
  notes?: pulumi.Input<string> | undefined;
  /** Id of the application in a service or asset management database; default: it stays as it is. */
  serviceManagementReference?: pulumi.Input<string> | undefined;
  /** Tags that the application must have. Others stay. */
  tags?: string[] | undefined;
  /** Hides the application in My Apps, or shows it; default: stays as it is. */
  hidden?: boolean | undefined;
  /** Appends six random letters and digits to the display name, default false: for names that several teams use. */
  uniqueSuffix?: boolean;
  /**
   * Object ids of the Entra groups whose direct members alone may sign in, by a name that must not change while the
   * group stays the same. They get the app role that the application then has. Default: everybody may sign in. Without
   * any group, nobody may.
   */
  assignedGroups?: { [name: string]: pulumi.Input<string> } | undefined;
  /**
   * Id of a role that the application has already, which is assigned instead of one that is made:
   * "00000000-0000-0000-0000-000000000000" is default access, the role of applications without roles.
   */
  appRoleId?: string | undefined;
  /** The tag that says which stack owns the application; default "entra-access:<project>/<stack>". */
  mark?: string;
  /**
   * Protects the application, its service principal and the consent against deletion, default true: a new
   * application has another client id.
   */
  protect?: boolean;
}

/** Results of look-ups in the tenant before the update, which is why no other language can give them. */
export interface ApplicationLookUps {
  /**
   * The tenant and its objects that the application refers to, as `findTenantObjects` returns them. Default: they are
   * looked up beside the resources; if one of these fails, the look-up that it interrupts is reported as well.
   */
  tenantObjects?: TenantObjects | undefined;
  /** The tags and claims that the application has in Entra, of which those of others are kept; default: none. */
  present?: PresentLists | undefined;
  /** The names of assigned groups in release 0.1.0, where they were others; default: none. */
  formerGroupNames?: Readonly<Record<string, string | undefined>> | undefined;
}
