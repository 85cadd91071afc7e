/** The unit that runs the agent under systemd. */

import { MACHINE_DATA } from '../settings-file.ts';

/** Name of the service, and of the user that it runs as. */
export const SERVICE = 'usher';
export const UNIT = `${SERVICE}.service`;

/**
 * The unit's text; `program` is the path of the single binary. What is left open has a reason: V8
 * writes the code that it runs; /proc/cpuinfo and what process 1 runs in tell whether the host is
 * real; AF_NETLINK tells of network interfaces.
 */
export const linuxUnit = (program: string): string => `[Unit]
Description=Usher license agent
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=60
StartLimitBurst=6

[Service]
Type=notify
NotifyAccess=main
# As root: what the agent may not read by itself. It starts without that as well.
ExecStartPre=-+${program} host prepare
ExecStart=${program} serve
ExecReload=${program} config reload
Environment=USHER_DATA=${MACHINE_DATA}
User=${SERVICE}
Group=${SERVICE}
StateDirectory=${SERVICE} ${SERVICE}-marks
StateDirectoryMode=0700
WatchdogSec=60
Restart=always
RestartSec=1
# Settings with a fault are not cured by starting again.
RestartPreventExitStatus=2
TimeoutStopSec=20
UMask=0077
LimitCORE=0
CapabilityBoundingSet=
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
