/** Who asks, as a master knows him. */

/** By what a master knows a customer: a license number and an e-mail, or an account's. */
export interface Credentials {
  readonly name: string;
  /** It is passed on, and nowhere kept or logged. */
  readonly secret: string;
}
