/** What a binary contains, as a bill of materials in CycloneDX 1.5 (JSON). */

import { createHash } from 'node:crypto';

export interface SbomOptions {
  readonly version: string;
  readonly commit: string;
  /** `linux-x64`, … */
  readonly target: string;
  /** Of the binary that it describes. */
  readonly sha256: string;
  /** Of the Node in it, as `process.versions` names itself and its parts. */
  readonly versions: Readonly<Record<string, string>>;
  /** The npm packages in it, bundled or as an addon. */
  readonly packages: readonly SbomPackage[];
  /** Seconds since 1970. */
  readonly time: number;
}

export interface SbomPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** As the lock file has it: `sha512-<base64>`. */
  readonly integrity: string;
}

/** The text of the file; the same for the same binary. */
export const sbomOf = (options: SbomOptions): string => {
  const { version, target, sha256, time } = options;
  const self = `usher@${version}`;
  const packages = options.packages.map(packageComponent);
  const node = nodeComponent(options.versions);
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuidFrom(`${target} ${sha256}`)}`,
    version: 1,
    metadata: {
      timestamp: new Date(time * 1000).toISOString().replace('.000Z', 'Z'),
      component: {
        type: 'application',
        'bom-ref': self,
        name: 'usher',
        version,
        description: `Usher for ${target}, commit ${options.commit}`,
        licenses: [{ license: { id: 'Apache-2.0' } }],
        hashes: [{ alg: 'SHA-256', content: sha256 }],
      },
    },
    components: [node, ...packages],
    dependencies: [
      { ref: self, dependsOn: [node['bom-ref'], ...packages.map((one) => one['bom-ref'])] },
    ],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
};

const packageComponent = ({ name, version, license, integrity }: SbomPackage) => {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    licenses: [{ license: { id: license } }],
    hashes: [
      {
        alg: 'SHA-512',
        content: Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex'),
      },
    ],
    purl,
  };
};

const nodeComponent = ({ node = '', ...parts }: Readonly<Record<string, string>>) => {
  const purl = `pkg:generic/node@${node}`;
  return {
    type: 'platform',
    'bom-ref': purl,
    name: 'node',
    version: node,
    licenses: [{ license: { id: 'MIT' } }],
    purl,
    components: Object.entries(parts)
      // Numbers of interfaces and of data, no code that is in it.
      .filter(([name]) => !['modules', 'napi', 'unicode', 'cldr', 'tz'].includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, version]) => ({ type: 'library', 'bom-ref': `node/${name}`, name, version })),
  };
};

/** The same name, the same identifier. */
const uuidFrom = (name: string): string => {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [0, 8, 12, 16, 20].map((from, i, all) => hex.slice(from, all[i + 1])).join('-');
};
