/** Which page the address names, and of what: `#/license/ID`. */

import { useEffect, useState } from 'preact/hooks';

interface Address {
  /** Empty where the address names none. */
  readonly page: string;
  readonly id: string;
}

const read = (): Address => {
  const [, page = '', id = ''] =
    /^#\/([a-z-]{1,32})(?:\/([\w-]{1,64}))?$/.exec(location.hash) ?? [];
  return { page, id };
};

export const useAddress = (): Address => {
  const [address, set] = useState(read);
  useEffect(() => {
    const look = (): void => set(read());
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return address;
};

export const goTo = (page: string, id = ''): void => {
  location.hash = id === '' ? `#/${page}` : `#/${page}/${id}`;
};
