/** Where a datagram came from or goes to: an IP address as the operating system writes it, a port. */

export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** Which of the receiver's sockets heard it, so that the answer leaves by the same. */
  readonly via?: number;
}

/** Of what is known to be an IP address: whether it is one of version 6. */
export const isV6 = (address: string): boolean => address.includes(':');

export const endpointToText = (endpoint: Endpoint): string =>
  isV6(endpoint.address)
    ? `[${endpoint.address}]:${endpoint.port}`
    : `${endpoint.address}:${endpoint.port}`;

export const isSameEndpoint = (left: Endpoint, right: Endpoint): boolean =>
  left.port === right.port && left.address === right.address;
