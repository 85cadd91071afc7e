import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pciEvidence, pciFunctions } from '../../../../agent/core/host/pci-evidence.ts';

const ids = (...pci: readonly string[]): readonly string[] =>
  pciEvidence({ platform: 'linux', pci }).map(({ id, strength }) => `${id} ${strength}`);

test('lines of every length are read, broken ones passed over', () => {
  const pci = [
    '0000:00:00.0 060000 8086:29C0 1AF4:1100 -',
    '00:02.0 - 15ad:0405 - -',
    '0000:00:1f.2 010601 8086:2922',
    'nonsense',
    '',
  ];
  assert.equal(
    pciFunctions({ pci }).map(({ vendor, subvendor }) => `${vendor} ${subvendor}`),
    ['8086 1af4', '15ad ', '8086 '],
  );
});

test('Windows writes the subsystem device first', () => {
  const devices = ['PCI\\VEN_8086&DEV_2918&SUBSYS_11001AF4&REV_02', 'USB\\VID_0627&PID_0001'];
  assert.equal(pciFunctions({ devices }), [
    { class: '', vendor: '8086', device: '2918', subvendor: '1af4', subdevice: '1100' },
  ]);
});

test('virtio disks and networks are medium, a balloon is strong', () => {
  assert.equal(ids('0000:01:00.0 020000 1af4:1041 1af4:1041 virtio-pci'), ['pci-device medium']);
  assert.equal(ids('0000:01:00.0 00ff00 1af4:1045 1af4:1045 virtio-pci'), ['pci-device strong']);
});

test('QEMU’s subsystem id on an Intel function is strong', () => {
  assert.equal(ids('0000:00:1f.0 060100 8086:2918 1af4:1100 lpc_ich'), ['pci-subsystem strong']);
});

test('a chipset is too old only for processors that are named', () => {
  const pci = ['0000:00:00.0 060000 8086:1237 - -'];
  const age = (model?: string): number =>
    pciEvidence({ pci, cpu: model === undefined ? {} : { model } }).length;
  assert.is(age(), 0);
  assert.is(age('Pentium Pro'), 0);
  assert.is(age('Intel(R) Xeon(R) CPU E5645 @ 2.40GHz'), 0);
  assert.is(age('Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz'), 1);
  assert.is(age('13th Gen Intel(R) Core(TM) i5-13500'), 1);
  assert.is(age('AMD Ryzen 7 5800X 8-Core Processor'), 1);
});

test('lists that agree say nothing, in any order', () => {
  const pci = ['00:00.0 060000 8086:9b43 - -', '00:02.0 030000 8086:9bc5 - -'];
  assert.equal(pciEvidence({ pci, pci_copy: ['8086:9BC5', '8086:9b43'] }), []);
});

test.run();
