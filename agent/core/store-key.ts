/** Store keys made of any texts, and their reading back: no text can pose as part of another key. */

import { bytesToHex, bytesToUtf8, hexToBytes, utf8ToBytes } from '../../protocol/bytes.ts';

/** Beneath it the kind of a text that a site has in common; known also to who has left its site. */
export const CHARTER_PREFIX = 'charter/';
/**
 * The ids of the licenses that a member of a site and its register had alike. Who has it was a member
 * when it ran last: the site has counted all that it has lent since.
 */
export const COMMON_KEY = 'charter-licenses';

/** How far the register was known to be: a member that starts sees by it whether it has gone back. */
export const SITE_MARK_KEY = 'site-mark';

/** The text of the named users, as a member of a site and its register had it alike. */
export const COMMON_USERS_KEY = 'charter-users';
/** The same of the resources. */
export const COMMON_RESOURCES_KEY = 'charter-resources';

/** The key of these texts beneath a prefix that ends in a slash. */
export const storeKey = (prefix: string, ...texts: readonly string[]): string =>
  prefix + texts.map((text) => bytesToHex(utf8ToBytes(text))).join('/');

/** The texts of a key beneath a prefix, or `undefined` where it is not of this form. */
export const readStoreKey = (prefix: string, key: string): readonly string[] | undefined => {
  if (!key.startsWith(prefix)) return undefined;
  const texts: string[] = [];
  for (const hex of key.slice(prefix.length).split('/')) {
    const bytes = hexToBytes(hex);
    const text = bytes && bytesToUtf8(bytes);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return storeKey(prefix, ...texts) === key ? texts : undefined;
};
