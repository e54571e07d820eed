/** What could not be taken along, in words that say what to do. */
export class NotTaken extends Error {}
