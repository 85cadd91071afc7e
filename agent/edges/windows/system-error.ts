/** Errors of Windows' own functions: number, name where we act on it, and a sentence. */

import { UsherError } from '../../usher-error.ts';

/** Numbers that somebody here acts on or explains. */
export const WINDOWS_ERROR = {
  fileNotFound: 2,
  accessDenied: 5,
  invalidLevel: 124,
  serviceRequestTimeout: 1053,
  serviceAlreadyRunning: 1056,
  serviceDisabled: 1058,
  serviceDoesNotExist: 1060,
  serviceNotActive: 1062,
  notStartedByManager: 1063,
  serviceLogonFailed: 1069,
  serviceMarkedForDelete: 1072,
} as const;

const SENTENCES: ReadonlyMap<number, string> = new Map([
  [WINDOWS_ERROR.accessDenied, 'this user may not'],
  [WINDOWS_ERROR.fileNotFound, 'the program that the service names is not there'],
  [WINDOWS_ERROR.serviceRequestTimeout, 'it did not answer in time after it was started'],
  [WINDOWS_ERROR.serviceDisabled, 'it is disabled: enable it in services.msc'],
  [WINDOWS_ERROR.serviceDoesNotExist, 'it is not installed'],
  [WINDOWS_ERROR.serviceLogonFailed, 'its account may not log on as a service'],
  [
    WINDOWS_ERROR.serviceMarkedForDelete,
    'it is deleted as soon as nobody looks at it any more: close services.msc and try again',
  ],
]);

/** What was tried in vain, and why. Codes: NOT_PERMITTED, REFUSED. */
export const windowsError = (attempt: string, number: number): UsherError => {
  const why = SENTENCES.get(number) ?? `Windows gives error ${number}`;
  return number === WINDOWS_ERROR.accessDenied
    ? new UsherError('NOT_PERMITTED', `${attempt}: ${why}. Do it as administrator.`)
    : new UsherError('REFUSED', `${attempt}: ${why}.`);
};
