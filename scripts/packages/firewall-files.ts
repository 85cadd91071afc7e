/** What firewalls may be told of Usher. The packages ship it and open nothing by it. */

import { DEFAULT_PORT } from '../../protocol/limits.ts';

/** A service of firewalld: `firewall-cmd --permanent --add-service=usher`. */
export const firewalldService = (): string => `<?xml version="1.0" encoding="utf-8"?>
<service>
  <short>Usher</short>
  <description>License agent: lends the seats of signed licenses on the local network.</description>
  <port protocol="udp" port="${DEFAULT_PORT}"/>
</service>
`;

/** A profile of ufw: `ufw allow from 192.0.2.0/24 to any app Usher`. */
export const ufwProfile = (): string => `[Usher]
title=Usher license agent
description=Lends the seats of signed licenses on the local network.
ports=${DEFAULT_PORT}/udp
`;
