/** The one class of operating errors: a stable code, a sentence that says what to do, a cause. */

export type ErrorCode =
  | 'WRONG_USAGE'
  | 'PORT_TAKEN'
  | 'ADDRESS_UNUSABLE'
  | 'STORE_LOCKED'
  | 'STORE_DAMAGED'
  | 'STORE_UNWRITABLE'
  | 'FOLDER_UNUSABLE'
  | 'FILE_UNREADABLE'
  | 'FILE_EXISTS'
  | 'COMMAND_UNUSABLE'
  | 'KEY_UNUSABLE'
  | 'NO_AGENT'
  | 'NOT_PERMITTED'
  | 'BROKEN_DATA'
  | 'REFUSED';

export class UsherError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = 'UsherError';
    this.code = code;
  }
}
