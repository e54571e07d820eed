export function listenToReading() {}
