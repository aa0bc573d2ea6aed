/** How much of an allowance is used, measured at `uptimeMs`. */
export interface Used {
  used: number;
  at: number;
}

/** Stores an allowance shared by every process of one data directory, across restarts. */
export interface AllowanceStore {
  /**
   * Atomically replaces the stored value by the result of `change`, which gets undefined when nothing is stored. Passes
   * on errors of `change` and then keeps the value; throws another error when the file fails.
   */
  update(change: (kept: Used | undefined) => Used): void;
}
