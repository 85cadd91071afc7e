/** By which a command line tells whose it is. */
export const USER_HEADER = 'usher-user';
