export function UtmCheck() { return null; }
