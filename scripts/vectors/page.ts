/** The parts of protocol/README.md that the code writes itself. */

import * as limits from '../../protocol/limits.ts';
import { REFUSALS, type RefusalCode } from '../../protocol/refusal.ts';
import { annotate, beside, row } from './annotate.ts';
import { fieldNames } from './field-names.ts';
import { AGENT_KEYS, CLIENT_KEYS, LICENSE_BYTES, VENDOR_KEYS } from './fixed.ts';
import { SESSION_KEYS } from './frames.ts';
import { proofText } from './proof-page.ts';
import { type Exchanged, makeSession, SESSION_EPOCH } from './session.ts';

type LimitName = keyof typeof limits;

/** What each limit bounds, and whether both sides must agree on it. */
const LIMITS: Readonly<Record<LimitName, readonly [string, 'protocol' | 'here']>> = {
  DEFAULT_PORT: ['UDP port', 'protocol'],
  DATAGRAM_MAX: ['bytes in a datagram', 'protocol'],
  DISCOVER_SIZE: ['bytes in a discover, exactly', 'protocol'],
  KEY_SIZE: ['bytes in a key or secret', 'protocol'],
  HASH_SIZE: ['bytes in a document hash', 'protocol'],
  COOKIE_SIZE: ['bytes in an address cookie', 'protocol'],
  EPOCH_SIZE: ['bytes in an epoch', 'protocol'],
  NONCE_SIZE: ['bytes in a nonce as sent', 'protocol'],
  SIGNATURE_SIZE: ['bytes in a signature', 'protocol'],
  LICENSE_ID_SIZE: ['bytes in a license id', 'protocol'],
  SMALL_BODY_SIZE: ['least plain bytes of a request body', 'protocol'],
  PIECE_MAX: ['document bytes in a piece', 'protocol'],
  DOCUMENT_MAX: ['bytes in a document', 'protocol'],
  CERTIFICATE_MAX: ['bytes in a certificate', 'protocol'],
  RESPONSE_MAX: ['bytes in an activation response', 'protocol'],
  PROOF_DOCUMENTS_MAX: ['documents in a proof', 'protocol'],
  PROOF_MAX: ['bytes in a proof', 'protocol'],
  WANTED_MAX: ['licenses in an activation request, and refused in a response', 'protocol'],
  RESPONSE_DOCUMENTS_MAX: ['documents in an activation response', 'protocol'],
  CALL_DOCUMENTS_MAX: ['documents in a call to a master', 'protocol'],
  CALL_MAX: ['bytes in a call to a master', 'protocol'],
  REVOKED_KEYS_MAX: ['keys in revocations', 'protocol'],
  CHILDREN_MAX: ['child licenses of one agent', 'protocol'],
  CHILDREN_DEPTH_MAX: ['generations of child licenses', 'protocol'],
  AGENTS_MAX: ['agents on which a license is active at a time', 'protocol'],
  EMERGENCY_MAX: ['seconds of an emergency activation', 'protocol'],
  URL_MAX: ["UTF-16 units in a master's address", 'protocol'],
  SENTENCE_MAX: ["UTF-16 units in a vendor's reason or sentence", 'protocol'],
  TERM_MIN: ['seconds in a term, at least', 'protocol'],
  TERM_MAX: ['seconds in a term, at most', 'protocol'],
  NAME_MAX: [
    'UTF-16 units in a product, class, feature, resource, meter, agent or version name',
    'protocol',
  ],
  TEXT_MAX: ["UTF-16 units in a holder's texts and a customer's name", 'protocol'],
  FEATURES_MAX: ['features in a license or a wish', 'protocol'],
  POOLS_MAX: ['pools in a license', 'protocol'],
  SEATS_MAX: ['seats in a pool, in a part, or asked for at once', 'protocol'],
  SEATS_UNLIMITED: ['what stands for seats without a limit', 'protocol'],
  STAGES_MAX: ['stages in a pool', 'protocol'],
  METERS_MAX: ['meters in a license', 'protocol'],
  SUPERSEDES_MAX: ['licenses whose place one license takes', 'protocol'],
  PARTS_MAX: ['parts in a granted reply, and documents in a drawn one', 'protocol'],
  TICKET_MAX: ['bytes in a ticket', 'protocol'],
  RESOURCES_IN_REPLY_MAX: ['resources in one reply', 'protocol'],
  DRAW_ID_SIZE: ['bytes in the id of a draw', 'protocol'],
  HOST_COMPONENTS_MAX: ['components in a host code', 'protocol'],
  HOST_CODE_MAX: ['bytes in a host code', 'protocol'],
  MSGPACK_DEPTH_MAX: ['arrays within arrays', 'protocol'],
  MSGPACK_ITEMS_MAX: ['values in a body or document', 'protocol'],
  PASTE_MAX: ['characters of a text that is searched for blocks', 'here'],
  PASTE_BLOCKS_MAX: ['blocks taken from one text', 'here'],
  HOST_TEXT_MAX: ["characters of a host code's text", 'here'],
  REFUSAL_TEXT_MAX: ["characters of a master's refusal", 'here'],
  CLIENT_SETTINGS_MAX: ["bytes of a client's settings file", 'here'],
};

const grouped = (value: number): string =>
  value === limits.DEFAULT_PORT ? `${value}` : value.toLocaleString('en-US');

/** A table whose columns are as wide as their widest cell, as the formatter wants them. */
const table = (rows: readonly (readonly string[])[]): string => {
  const [head = []] = rows;
  const widths = head.map((_, i) => Math.max(3, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.slice(1).map(line)].join('\n');
};

const refusalsTable = (): string =>
  table([
    ['number', 'code', 'sentence'],
    ...(Object.keys(REFUSALS) as RefusalCode[]).map((code) => [
      `${REFUSALS[code].number}`,
      `\`${code}\``,
      REFUSALS[code].sentence,
    ]),
  ]);

const limitsTable = (): string => {
  const values = new Map(Object.entries(limits));
  return table([
    ['what', 'limit', 'whose', 'name in limits.ts'],
    ...(Object.keys(LIMITS) as LimitName[]).map((name) => [
      LIMITS[name][0],
      grouped(values.get(name) ?? 0),
      LIMITS[name][1],
      `\`${name}\``,
    ]),
  ]);
};

const frameRows = ({ frame, bytes }: Exchanged): readonly string[] => {
  const header = row(bytes.subarray(0, 4), `"US", version ${bytes[2]}, ${frame.kind}`, 0);
  const sealedRows = (box: Uint8Array): string[] => [
    row(box.subarray(0, 16), 'tag', 0),
    row(box.subarray(16), 'sealed body', 0),
  ];
  const nonceRows = (nonce: Uint8Array): string[] => [
    row(nonce.subarray(0, 8), 'nonce: epoch', 0),
    row(nonce.subarray(8), 'nonce: number', 0),
  ];
  switch (frame.kind) {
    case 'discover':
    case 'offer':
      return [header];
    case 'hello':
      return [
        header,
        row(frame.cookie, 'cookie', 0),
        row(frame.clientKey, 'client key', 0),
        ...nonceRows(frame.nonce),
        ...sealedRows(frame.box),
      ];
    case 'request':
      return [
        header,
        row(frame.clientKey, 'client key', 0),
        ...nonceRows(frame.nonce),
        ...sealedRows(frame.box),
      ];
    case 'reply':
      return [
        header,
        row(frame.tag, 'tag: start of the client key', 0),
        ...nonceRows(frame.nonce),
        ...sealedRows(frame.box),
      ];
  }
};

const datagramText = (one: Exchanged, index: number): string => {
  const { frame, from, bytes, value, padding } = one;
  const sealed = frame.kind !== 'discover' && frame.kind !== 'offer';
  const names = fieldNames(one);
  const [kind] = names;
  const what = sealed && typeof kind === 'string' ? `${frame.kind}, ${kind}` : frame.kind;
  const size = grouped(bytes.length);
  return [
    `**${index + 1}. ${what}**, from the ${from}, ${size} bytes:`,
    '',
    '```',
    ...frameRows(one),
    ...(sealed ? ['', 'the sealed body opens to'] : []),
    ...annotate(value, sealed ? 'message' : frame.kind, names, 0),
    ...(padding > 0 ? [beside(`00 × ${grouped(padding)}`, 'padding')] : []),
    '```',
  ].join('\n');
};

const sessionText = (): string => {
  const secrets = [
    row(CLIENT_KEYS.secretKey, "client's secret", 0),
    row(CLIENT_KEYS.publicKey, 'client key', 0),
    row(AGENT_KEYS.secretKey, "agent's secret", 0),
    row(AGENT_KEYS.publicKey, 'agent key', 0),
    row(SESSION_KEYS.request, 'request key', 0),
    row(SESSION_KEYS.reply, 'reply key', 0),
    row(SESSION_EPOCH, 'epoch', 0),
    row(VENDOR_KEYS.publicKey, 'vendor key', 0),
    row(LICENSE_BYTES, 'license document', 0),
  ];
  return [['```', ...secrets, '```'].join('\n'), ...makeSession().map(datagramText)].join('\n\n');
};

const SECTIONS = {
  refusals: refusalsTable,
  limits: limitsTable,
  proof: proofText,
  session: sessionText,
} as const;

/** The page with its made parts as the code makes them now; throws when a marker is missing. */
export const fillPage = (page: string): string => {
  let filled = page;
  for (const [name, make] of Object.entries(SECTIONS)) {
    const start = `<!-- made by scripts/make-vectors.ts: ${name} -->\n`;
    const from = filled.indexOf(start);
    const to = filled.indexOf('<!-- end -->', from);
    if (from < 0 || to < 0) throw new Error(`The page has no section ${name}.`);
    filled = `${filled.slice(0, from + start.length)}\n${make()}\n\n${filled.slice(to)}`;
  }
  return filled;
};
