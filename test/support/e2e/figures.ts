/** What the default world of the simulator holds: the figures that the seed prints. */
export const figures = { messages: 8432, chats: 67, media: 2145, text: 6287 };
