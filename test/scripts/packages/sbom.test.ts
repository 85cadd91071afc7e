/**
 * The bill of materials by the rules of CycloneDX 1.5: what its schema and its text demand of those
 * fields that ours has. The list of all fields is closed here as it is there.
 */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shippedPackages } from '../../../scripts/build/shipped.ts';
import { parseTargets, targetNames } from '../../../scripts/build/targets.ts';
import { sbomOf } from '../../../scripts/packages/sbom.ts';

const bill = suite('bill of materials');

/** As far as a test looks into it. */
interface Component {
  readonly 'bom-ref'?: string;
  readonly type?: string;
  readonly name?: string;
  readonly version?: string;
  readonly licenses?: readonly { readonly license?: { readonly id?: string } }[];
  readonly hashes?: readonly { readonly alg?: string; readonly content?: string }[];
  readonly purl?: string;
  readonly components?: readonly Component[];
}

interface Bom {
  readonly metadata: { readonly timestamp: string; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly serialNumber: string;
  readonly version: number;
}

const parsed = parseTargets(targetNames);
const targets = parsed.ok ? parsed.value : [];
/** Of those that a component may have. */
const FIELDS = [
  ...['bom-ref', 'type', 'name', 'version', 'description'],
  ...['hashes', 'licenses', 'purl', 'components'],
];
const HASH_SIZES = { 'SHA-256': 64, 'SHA-512': 128 } as const;
/** Of the SPDX list, those that occur. */
const LICENSES = ['Apache-2.0', 'MIT', 'Unlicense', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC'];

const boms = async (): Promise<readonly Bom[]> =>
  Promise.all(
    targets.map(async (target) => {
      const packages = await shippedPackages(process.cwd(), target, [
        'classic-level',
        'msgpackr',
        'uqr',
      ]);
      const text = sbomOf({
        version: '1.2.3',
        commit: 'abc',
        target: target.name,
        sha256: 'ab'.repeat(32),
        versions: process.versions as Readonly<Record<string, string>>,
        packages,
        time: 1_795_132_800,
      });
      return JSON.parse(text) as Bom;
    }),
  );

const all = ({ metadata, components }: Bom): readonly Component[] => {
  const deep = (one: Component): readonly Component[] => [
    one,
    ...(one.components ?? []).flatMap(deep),
  ];
  return [metadata.component, ...components].flatMap(deep);
};

const keysOf = (thing: object): string => Object.keys(thing).sort().join(' ');

bill('it says what it is, and has no field that is none', async () => {
  for (const bom of await boms()) {
    const { bomFormat, specVersion, $schema } = bom as unknown as Record<string, unknown>;
    assert.is(bomFormat, 'CycloneDX');
    assert.is(specVersion, '1.5');
    assert.is($schema, 'http://cyclonedx.org/schema/bom-1.5.schema.json');
    assert.is(
      keysOf(bom),
      '$schema bomFormat components dependencies metadata serialNumber specVersion version',
    );
    assert.is(keysOf(bom.metadata), 'component timestamp');
    assert.ok(Number.isInteger(bom.version) && bom.version >= 1);
    assert.match(bom.serialNumber, /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.match(bom.metadata.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  }
});

bill('every component has its kind, name, version, and hashes of their size', async () => {
  for (const bom of await boms()) {
    for (const one of all(bom)) {
      const { type, name, version } = one;
      for (const field of Object.keys(one)) assert.ok(FIELDS.includes(field), field);
      assert.ok(['application', 'library', 'platform'].includes(type ?? ''), type);
      assert.ok(name !== undefined && name !== '' && version !== undefined && version !== '', name);
      for (const { alg, content } of one.hashes ?? []) {
        const size = HASH_SIZES[alg as keyof typeof HASH_SIZES];
        assert.match(content ?? '', new RegExp(`^[0-9a-f]{${size}}$`), `${name}: ${alg}`);
      }
      for (const { license } of one.licenses ?? [])
        assert.ok(LICENSES.includes(license?.id ?? ''), `${name}: ${license?.id}`);
      if (one.purl !== undefined)
        assert.match(one.purl, /^pkg:(npm|generic)\/(%40[a-z]+\/)?[a-z0-9-]+@\d+\.\d+\.\d+$/);
    }
  }
});

bill('no two have one reference, and every reference leads to a component', async () => {
  for (const bom of await boms()) {
    const references = all(bom).map((one) => one['bom-ref']);
    assert.is(new Set(references).size, references.length);
    for (const { ref, dependsOn } of bom.dependencies)
      for (const one of [ref, ...dependsOn]) assert.ok(references.includes(one), one);
    const [own] = bom.dependencies;
    assert.is(own?.ref, bom.metadata.component['bom-ref']);
    assert.equal(
      own?.dependsOn,
      bom.components.map((one) => one['bom-ref']),
    );
  }
});

bill('each target has its own, with what only it ships', async () => {
  const made = await boms();
  assert.is(new Set(made.map(({ serialNumber }) => serialNumber)).size, made.length);
  assert.is(made.length, targetNames.length);
  for (const [i, target] of targets.entries()) {
    const names = made[i]?.components.map(({ name }) => name) ?? [];
    for (const addon of target.foreignAddons) assert.ok(names.includes(addon.package), target.name);
  }
});

bill(
  'what draws the console’s page is in it, though the page is no part of the program',
  async () => {
    for (const { components } of await boms())
      assert.ok(components.some(({ name }) => name === 'preact'));
  },
);

bill.run();
