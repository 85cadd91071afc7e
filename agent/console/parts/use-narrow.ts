/** Whether the screen is too narrow for columns. */

import { useEffect, useState } from 'preact/hooks';

const query = matchMedia('(max-width: 760px)');

export const useNarrow = (): boolean => {
  const [isNarrow, set] = useState(query.matches);
  useEffect(() => {
    const look = (): void => set(query.matches);
    query.addEventListener('change', look);
    return () => query.removeEventListener('change', look);
  }, []);
  return isNarrow;
};
