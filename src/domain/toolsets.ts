/** The groups of tools, in the order in which documents list them. */
export const toolsets = ['system', 'history', 'messages', 'chats', 'contacts', 'communities', 'business'] as const;
export type Toolset = (typeof toolsets)[number];

/** What `default` means where groups are chosen. */
export const defaultToolsets: readonly Toolset[] = [...toolsets];
