import { join } from 'node:path';
import { platform } from 'node:process';
import { hostCodeToText, keyHostCode, matchHostCode } from '../../../protocol/host-code.ts';
import { HOST_KINDS } from '../../../protocol/host-component.ts';
import { readHostCode } from '../../../protocol/node/host-components.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { type HostFacts, parseHostFacts } from '../../core/host/host-facts.ts';
import { renderHostReport } from '../../core/host/host-report.ts';
import { judgeHost } from '../../core/host/host-verdict.ts';
import { bytesToText, readFileBytes } from '../../edges/files.ts';
import { readHostFacts } from '../../edges/host-facts/read-host-facts.ts';
import { NativeAddonError, placeNativeAddons } from '../../edges/native-addons.ts';
import { readOwnHostCode } from '../../edges/own-host-code.ts';
import { userStateFolder } from '../../settings.ts';
import { VALUE_READERS } from '../../settings-values.ts';
import { UsherError } from '../../usher-error.ts';
import { askRunningAgent } from '../agent-command.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { type HostShown, renderHost } from '../host-text.ts';

export const hardware: Command = {
  name: 'hardware',
  summary: 'Judge whether this computer is real hardware, and show the evidence',
  positionals: [],
  flags: {
    ...JSON_FLAG,
    facts: {
      kind: 'text',
      value: 'FILE',
      summary: 'judge recorded facts instead: one JSON object, or one a line in a .jsonl file',
    },
    'host-code': {
      kind: 'switch',
      summary: 'print what tells this computer from others, for licenses that are bound to it',
    },
    vendor: {
      kind: 'text',
      value: 'KEY',
      summary: "with --host-code: for this vendor's eyes alone, named by the public key",
    },
    record: { kind: 'switch', summary: 'print what was seen, in the form that --facts takes' },
  },
  settings: ['data'],
  run: async (invocation) => {
    const { args } = invocation;
    const file = args.text('facts');
    if (args.text('vendor') !== undefined && !args.has('host-code')) {
      throw new UsherError('WRONG_USAGE', '--vendor goes with --host-code.');
    }
    if (args.has('host-code')) {
      if (file !== undefined || args.has('record')) {
        throw new UsherError('WRONG_USAGE', '--host-code stands alone or with --vendor or --json.');
      }
      await reportHostCode(invocation);
    } else if (file === undefined) {
      placeAddons(invocation.terminal);
      const facts = await readHostFacts();
      const shown = args.has('record') ? undefined : await findHost(invocation);
      report(facts, invocation, shown);
    } else {
      const text = bytesToText(await readFileBytes(file));
      if (file.endsWith('.jsonl')) reportEach(text, invocation);
      else report(parseFacts(text, file), invocation);
    }
    return EXIT.done;
  },
};

/** The code, with what it is made of but for the values: those are the owner's. */
const reportHostCode = async ({ args, terminal }: Invocation): Promise<void> => {
  const plain = await readHostCode();
  const { sha512 } = nativePrimitives;
  const vendor = readVendorKey(args.text('vendor'));
  const code = vendor === undefined ? plain : keyHostCode(plain, vendor, sha512);
  const hostCode = hostCodeToText(code, sha512);
  const { matches, components } = matchHostCode(code, code);
  if (!matches) {
    throw new UsherError(
      'REFUSED',
      'Nothing that this user may read tells this computer from others: it has no host code.',
    );
  }
  if (!args.has('json')) return terminal.out(`${hostCode}\n`);
  const parts = components.map(({ kind, weight }) => ({
    kind,
    weight,
    strong: HOST_KINDS[kind].strong,
  }));
  terminal.out(`${JSON.stringify({ hostCode, components: parts }, null, 2)}\n`);
};

/** What the agent here knows of its computer; where none can be asked, what there is to know. */
const findHost = async (invocation: Invocation): Promise<HostShown> => {
  try {
    return (await askRunningAgent(invocation, { kind: 'host-show' })).host;
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
  }
  const code = await readOwnHostCode();
  const { components } = matchHostCode(code, code);
  const shown = components.map(({ kind, weight }) => {
    const { title, strong } = HOST_KINDS[kind];
    return { kind, title, weight, strong, matched: null };
  });
  return { standing: null, components: shown };
};

/** Code: WRONG_USAGE. */
const readVendorKey = (text: string | undefined): Uint8Array | undefined => {
  if (text === undefined) return undefined;
  const keys = VALUE_READERS['vendor-keys'](text);
  const [key, more] = keys.ok ? keys.value : [];
  if (key !== undefined && more === undefined) return key;
  throw new UsherError('WRONG_USAGE', "--vendor takes one vendor's public key in base64.");
};

/** On Windows the firmware's tables are read by an addon; without it the registry still tells. */
const placeAddons = ({ environment }: Invocation['terminal']): void => {
  if (platform !== 'win32') return;
  try {
    placeNativeAddons(join(userStateFolder(environment), 'addons'));
  } catch (error) {
    if (!(error instanceof NativeAddonError)) throw error;
  }
};

const report = (facts: HostFacts, { args, terminal }: Invocation, shown?: HostShown): void => {
  if (args.has('record')) return terminal.out(`${JSON.stringify(facts)}\n`);
  const verdict = judgeHost(facts);
  terminal.out(
    args.has('json')
      ? `${JSON.stringify({ ...verdict, ...(shown && { identity: shown }) }, null, 2)}\n`
      : `${renderHostReport(verdict, facts)}\n${shown ? `\n${renderHost(shown)}` : ''}`,
  );
};

/** One line for each line, in order, so that a whole collection is judged in one run. */
const reportEach = (text: string, { args, terminal }: Invocation): void => {
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const verdict = judgeHost(parseFacts(line, `line ${i + 1}`));
    terminal.out(`${args.has('json') ? JSON.stringify(verdict) : verdict.verdict}\n`);
  }
};

/** Facts stand alone or, beside a label, under `facts`. */
const parseFacts = (text: string, where: string): HostFacts => {
  const value = parseJson(text, where);
  const inner =
    typeof value === 'object' && value !== null && 'facts' in value ? value.facts : value;
  const facts = parseHostFacts(inner);
  if (facts.ok) return facts.value;
  throw new UsherError('BROKEN_DATA', `${where}: ${facts.error}`);
};

const parseJson = (text: string, where: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsherError('BROKEN_DATA', `${where} is not JSON.`, error);
  }
};
