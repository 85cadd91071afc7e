/** The bare runtime, idle: one bound UDP socket and nothing else. */

import { createSocket } from 'node:dgram';

createSocket('udp4').bind(0, '127.0.0.1');
