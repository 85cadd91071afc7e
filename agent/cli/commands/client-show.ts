import type { ClientSettings } from '../../../protocol/node/client-settings.ts';
import { CLIENT_KEYS, type ClientKey } from '../../../protocol/node/client-settings-text.ts';
import { print } from '../agent-command.ts';
import { readProduct, readSettingsOfClients } from '../client-file.ts';
import { renderTable } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

/** A setting that counts, and where it comes from. */
interface Row {
  /** `null`: for every product that nothing else is said of. */
  readonly product: string | null;
  readonly setting: ClientKey;
  readonly value: string;
  readonly from: string;
  readonly locked: boolean;
}

export const clientShow: Command = {
  name: 'client show',
  summary: 'Show where applications on this computer have their licenses from, and who says so',
  positionals: [],
  flags: {
    ...JSON_FLAG,
    product: { kind: 'text', value: 'NAME', summary: 'what counts for this product' },
  },
  settings: [],
  run: async (invocation) => {
    const settings = readSettingsOfClients(invocation);
    const product = readProduct(invocation);
    const products = product === null ? [null, ...settings.products] : [product];
    const rows = products.flatMap((one) => rowsFor(settings, one));
    const agents = invocation.terminal.environment['USHER_AGENT'] ?? '';
    if (agents !== '') rows.push(fromVariable(product, agents));
    print(invocation, rows, render);
    return EXIT.done;
  },
};

const rowsFor = (settings: ClientSettings, product: string | null): readonly Row[] =>
  CLIENT_KEYS.flatMap((key) => {
    const given = settings.given(product, key);
    const { mode, license } = settings.settingsFor(product);
    const base = { product, setting: key };
    if (given !== undefined) {
      const { file, line, locked } = given;
      const value = key === 'license' ? (license ?? given.value) : given.value;
      return [{ ...base, value, from: `${file}, line ${line}`, locked }];
    }
    return key === 'mode' ? [{ ...base, value: mode, from: 'default', locked: false }] : [];
  });

const fromVariable = (product: string | null, value: string): Row => ({
  product,
  setting: 'agent',
  value,
  from: 'USHER_AGENT, beside the others',
  locked: false,
});

const render = (rows: readonly Row[]): string =>
  renderTable(
    ['product', 'setting', 'value', 'from'],
    rows.map(({ product, setting, value, from, locked }) => [
      product ?? '(any)',
      setting,
      value,
      locked ? `${from} (locked)` : from,
    ]),
    'Nothing is set.',
  );
