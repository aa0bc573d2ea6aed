/** How much of an allowance is used, and at which `uptimeMs` that was so. */
export interface Used {
  used: number;
  at: number;
}

/** Where an allowance is kept for every process of one data directory, and over restarts. */
export interface AllowanceStore {
  /**
   * Replaces what is kept by what `change` makes of it, undefined when nothing is kept yet; no other process comes in
   * between. Passes on what `change` throws and keeps what was there; throws another error when the file fails.
   */
  update(change: (kept: Used | undefined) => Used): void;
}
