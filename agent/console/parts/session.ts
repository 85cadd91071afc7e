/** Who is signed in, for whatever shows only what they may do. */

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Role } from '../../admin/web/access.ts';
import type { SessionView } from '../../admin/web/service-view.ts';

export const SessionContext = createContext<SessionView>({ name: '', role: 'viewer', from: '' });

const RANK: readonly Role[] = ['viewer', 'operator', 'administrator'];

/** Whether who is signed in has at least this role; the agent checks it again. */
export const useMay = (needed: Role): boolean =>
  RANK.indexOf(useContext(SessionContext).role) >= RANK.indexOf(needed);
