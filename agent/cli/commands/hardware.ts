import { join } from 'node:path';
import { platform } from 'node:process';
import { hostCodeToText, matchHostCode } from '../../../protocol/host-code.ts';
import { HOST_KINDS } from '../../../protocol/host-component.ts';
import { readHostCode } from '../../../protocol/node/host-components.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { type HostFacts, parseHostFacts } from '../../core/host/host-facts.ts';
import { renderHostReport } from '../../core/host/host-report.ts';
import { judgeHost } from '../../core/host/host-verdict.ts';
import { bytesToText, readFileBytes } from '../../edges/files.ts';
import { readHostFacts } from '../../edges/host-facts/read-host-facts.ts';
import { NativeAddonError, placeNativeAddons } from '../../edges/native-addons.ts';
import { userStateFolder } from '../../settings.ts';
import { UsherError } from '../../usher-error.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

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
    record: { kind: 'switch', summary: 'print what was seen, in the form that --facts takes' },
  },
  settings: [],
  run: async (invocation) => {
    const { args } = invocation;
    const file = args.text('facts');
    if (args.has('host-code')) {
      if (file !== undefined || args.has('record')) {
        throw new UsherError('WRONG_USAGE', '--host-code stands alone or with --json.');
      }
      await reportHostCode(invocation);
    } else if (file === undefined) {
      placeAddons(invocation.terminal);
      report(await readHostFacts(), invocation);
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
  const code = await readHostCode();
  const hostCode = hostCodeToText(code, nativePrimitives.sha512);
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

/** On Windows the firmware's tables are read by an addon; without it the registry still tells. */
const placeAddons = ({ environment }: Invocation['terminal']): void => {
  if (platform !== 'win32') return;
  try {
    placeNativeAddons(join(userStateFolder(environment), 'addons'));
  } catch (error) {
    if (!(error instanceof NativeAddonError)) throw error;
  }
};

const report = (facts: HostFacts, { args, terminal }: Invocation): void => {
  if (args.has('record')) return terminal.out(`${JSON.stringify(facts)}\n`);
  const verdict = judgeHost(facts);
  terminal.out(
    args.has('json')
      ? `${JSON.stringify(verdict, null, 2)}\n`
      : `${renderHostReport(verdict, facts)}\n`,
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
