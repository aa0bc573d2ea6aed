/** What `bridge` can be told to do. */
export const bridgeActions = ['run', 'build', 'path', 'status'] as const;
export type BridgeAction = (typeof bridgeActions)[number];
