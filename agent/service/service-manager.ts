/** What `usher service` asks of the system's service manager, whichever it is. */

export interface InstallOptions {
  /** Say what would be done, and do nothing. */
  readonly isDryRun: boolean;
  /** The agent's data folder; `undefined` for the usual one. */
  readonly data?: string | undefined;
  /** Let clients of the local network through the firewall. */
  readonly openFirewall: boolean;
  /** Leave the service stopped. */
  readonly isLeftStopped: boolean;
}

export interface UninstallOptions {
  readonly isDryRun: boolean;
  /** Remove the data as well: licenses, leases, the agent's key. */
  readonly purge: boolean;
  /** Whose data to remove; `undefined` for the usual folder. */
  readonly data?: string | undefined;
  /** Leave the program where it is: an installer that put it there removes it. */
  readonly keepProgram: boolean;
}

export interface ServiceStatus {
  readonly state: 'not-installed' | 'stopped' | 'starting' | 'running' | 'stopping' | 'failed';
  /** The process that runs the service. */
  readonly pid: number | null;
  /** Whether it starts with the computer. */
  readonly startsAtBoot: boolean;
  /** One sentence more, for people: why it failed, or what to do. */
  readonly detail: string | null;
}

/**
 * Installs and rules the service. What is installed stays so when it is installed again. Every
 * method rejects with an `UsherError`: NOT_PERMITTED where the user's rights are missing, REFUSED
 * with the reason where the system refuses.
 */
export interface ServiceManager {
  /** A line for each thing that was done or, for a dry run, would be. */
  install(options: InstallOptions): Promise<readonly string[]>;
  uninstall(options: UninstallOptions): Promise<readonly string[]>;
  /** Resolves when the service runs. */
  start(): Promise<void>;
  /** Resolves when the service has stopped. */
  stop(): Promise<void>;
  restart(): Promise<void>;
  status(): Promise<ServiceStatus>;
  /** The newest lines of the log, oldest first. */
  logs(lines: number): Promise<readonly string[]>;
  /** Tells the same lines, then each new one as it comes, until `stop`. */
  followLogs(lines: number, tell: (line: string) => void, stop: AbortSignal): Promise<void>;
}
