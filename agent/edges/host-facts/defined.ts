/** The same object without keys whose value is `undefined`. */
export const defined = <T extends object>(
  values: {
    readonly [K in keyof T]: T[K] | undefined;
  },
): T => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
