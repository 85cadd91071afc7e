import * as assert from 'uvu/assert';
import { armor } from '../../protocol/armor.ts';
import { pack } from '../../protocol/msgpack.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { Vendor } from './vendor.ts';

const asText = (bytes: Uint8Array): string => armor('license', bytes, nativePrimitives);

/** Another byte somewhere in the middle, where the seats and the names are. */
const changed = (bytes: Uint8Array): Uint8Array => {
  const copy = bytes.slice();
  copy[100] = (copy[100] ?? 0) ^ 1;
  return copy;
};

/** Ways in which a paste is no license, each with the sentence that says so. */
const faults = (vendor: Vendor): readonly (readonly [string, RegExp])[] => [
  ['', /No license block was found/],
  ['Hello, can you send me the license?', /No license block was found/],
  [asText(changed(vendor.sign())), /changed after it was signed/],
  [vendor.issue().replace(/\n(.)/, '\n_'), /damaged on the way/],
  [vendor.issue().replace(/\n.*\n-----END/, '\n-----END'), /damaged on the way/],
  [vendor.issue().replace(/-----END.*/, ''), /ends before its END line/],
  [asText(vendor.sign().slice(0, 100)), /no license of a form that/],
  [asText(pack(['usher-license', 3, new Uint8Array(32)])), /newer format .* update/],
  [asText(pack(['usher-activation', 1, new Uint8Array(32)])), /another kind of document/],
];

story('I4: whatever is no license is refused in a sentence of its own', async () => {
  await using site = await Site.lending();
  const refuses = async ([paste, sentence]: readonly [string, RegExp]): Promise<void> => {
    const [inspected, added] = await Promise.all([
      site.usherWith(paste, 'vendor', 'inspect', '-'),
      site.usherWith(paste, 'license', 'add', '-'),
    ]);
    assert.is(inspected.code, 1, paste);
    assert.is(inspected.stdout, '');
    assert.match(inspected.stderr, sentence);
    assert.is(added.code, 1, paste);
    assert.is(added.stdout, '');
    assert.match(added.stderr, /^Not added: [^\n]+\n$/);
    assert.match(added.stderr, sentence);
  };
  await Promise.all(faults(site.vendor).map(refuses));
  assert.equal(await site.licenses(), []);
});

story('a license of another key is told from one of the key that is asked for', async () => {
  await using site = await Site.open();
  const other = new Vendor();
  const inspect = (key: string) =>
    site.usherWith(site.vendor.issue(), 'vendor', 'inspect', '-', '--vendor-key', key);
  assert.is((await inspect(site.vendor.key)).code, 0);
  const wrong = await inspect(other.key);
  assert.is(wrong.code, 1);
  assert.match(wrong.stderr, /signed with another key/);
  const nonsense = await inspect('nonsense');
  assert.is(nonsense.code, 2);
  assert.match(nonsense.stderr, /--vendor-key is a public key in base64/);
});

story('an agent that was told whom to trust takes no other vendor’s license', async () => {
  await using site = await Site.open();
  const other = new Vendor();
  await site.serve('--vendor-keys', site.vendor.key);
  assert.is((await site.usherWith(site.vendor.issue(), 'license', 'add', '-')).code, 0);
  const refused = await site.usherWith(other.issue(), 'license', 'add', '-');
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /^Not added: The license was signed with another key/);
});

tellStories();
