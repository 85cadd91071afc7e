/** Seats of one class of a product, for users by name. */
export interface Named {
  readonly product: string;
  readonly class: string;
}
