/** The contents of the simulator's default world: the figures that the seed prints. */
export const figures = { messages: 8432, chats: 67, media: 2145, text: 6287 };
