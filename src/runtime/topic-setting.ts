/** A setting of a topic; never one that every object inherits. */
export function settingOf<T>(settings: object | undefined, topic: string): T | undefined {
  if (settings === undefined || !Object.hasOwn(settings, topic)) return undefined;
  return (settings as Record<string, T | undefined>)[topic];
}
