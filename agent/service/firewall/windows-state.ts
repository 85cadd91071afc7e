/** What PowerShell says of the firewall of Windows, read from its JSON. */

export interface WindowsState {
  readonly isAdministrator: boolean;
  /** The networks that are connected, by interface. */
  readonly networks: readonly {
    readonly interface: string;
    readonly category: 'public' | 'private' | 'domain';
  }[];
  readonly profiles: readonly {
    readonly name: string;
    readonly isEnabled: boolean;
    readonly allowsLocalRules: boolean;
    /** Whether answers to a broadcast come in. */
    readonly allowsAnswers: boolean;
  }[];
  /** Ours. */
  readonly rules: readonly {
    readonly name: string;
    readonly isEnabled: boolean;
    readonly isPublic: boolean;
    readonly port: string;
    readonly networks: readonly string[];
    readonly program: string;
  }[];
  /** The names of rules that block our program. */
  readonly blocks: readonly string[];
}

const CATEGORIES = ['public', 'private', 'domain'] as const;

/** Of the profiles of a rule, as a number, the bit that stands for public networks; zero is all. */
const PUBLIC = 4;

/** Group policies say no with 0, yes with 1, nothing with 2. */
const isAllowed = (value: unknown): boolean => value !== 0;

/** Reads the answer; `undefined` where it is none. */
export const readWindowsState = (json: string): WindowsState | undefined => {
  const value = parse(json);
  if (value === undefined) return undefined;
  return {
    isAdministrator: value['admin'] === true,
    networks: records(value['networks']).map((one) => ({
      interface: text(one['interface']),
      category: CATEGORIES[Number(one['category'])] ?? 'public',
    })),
    profiles: records(value['profiles']).map((one) => ({
      name: text(one['name']),
      isEnabled: isAllowed(one['enabled']),
      allowsLocalRules: isAllowed(one['localRules']),
      allowsAnswers: isAllowed(one['answers']),
    })),
    rules: records(value['rules']).map((one) => {
      const profiles = Number(one['profiles']);
      return {
        name: text(one['name']),
        isEnabled: one['enabled'] === 1,
        isPublic: profiles === 0 || (profiles & PUBLIC) !== 0,
        port: text(one['port']),
        networks: list(one['networks']).map(text),
        program: text(one['program']),
      };
    }),
    blocks: list(value['blocks']).map(text),
  };
};

type Json = Readonly<Record<string, unknown>>;

const parse = (json: string): Json | undefined => {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** PowerShell writes a list of one as that one. */
const list = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
};

const records = (value: unknown): readonly Json[] => list(value).filter(isRecord);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
