/** What the rules ask cannot be judged here; the message says which rule. To be answered 501, never as allowed. */
export class NotJudged extends Error {}
