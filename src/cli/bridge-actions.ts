/** The actions of `bridge`. */
export const bridgeActions = ['run', 'build', 'path', 'status'] as const;
export type BridgeAction = (typeof bridgeActions)[number];
