/** By which proxy an address is reached, as the environment says. */

import type { Environment } from '../../protocol/node/user-folders.ts';

/** The proxy for an address; `undefined` for none. One that cannot be read counts as none. */
export const proxyFor = (url: URL, environment: Environment): URL | undefined => {
  const read = (name: string): string => environment[name.toLowerCase()] ?? environment[name] ?? '';
  if (isExempt(url, read('NO_PROXY'))) return undefined;
  const text = read(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') || read('ALL_PROXY');
  if (text === '') return undefined;
  const full = text.includes('://') ? text : `http://${text}`;
  return URL.canParse(full) ? new URL(full) : undefined;
};

/** `*`, `host`, `.domain`, each with a port or without. A host stands for what is below it, too. */
const isExempt = (url: URL, list: string): boolean => {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const host = url.hostname.toLowerCase();
  return list.split(/[\s,]+/).some((entry) => {
    const [, name = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (name === '' || (only !== undefined && only !== port)) return false;
    const bare = name.replace(/^\*?\./, '');
    return name === '*' || host === bare || host.endsWith(`.${bare}`);
  });
};
