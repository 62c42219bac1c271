/** A feature of Access that the twin does not emulate, named in the message. It is answered 501, never as allowed. */
export class AccessNotServed extends Error {}
