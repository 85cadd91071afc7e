/** Where a datagram came from or goes to: an IP address as the operating system writes it, a port. */

export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** Which of the receiver's sockets heard it, so that the answer leaves by the same. */
  readonly via?: number;
}

export const endpointToText = (endpoint: Endpoint): string =>
  endpoint.address.includes(':')
    ? `[${endpoint.address}]:${endpoint.port}`
    : `${endpoint.address}:${endpoint.port}`;

export const isSameEndpoint = (left: Endpoint, right: Endpoint): boolean =>
  left.port === right.port && left.address === right.address;
