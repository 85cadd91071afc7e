/** The system's errors in words. */

/** What the system's error means, in words that fit behind a colon. */
export const systemReason = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not';
    case 'EISDIR':
      return 'it is a folder';
    case 'EEXIST':
    case 'ENOTDIR':
      return 'a file is in its way';
    case 'EADDRINUSE':
      return 'another program uses it';
    case 'ENAMETOOLONG':
      return 'its name is too long';
    case 'EROFS':
      return 'the disk may only be read';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    default:
      return message;
  }
};
