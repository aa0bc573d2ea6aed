import { errorCodes } from '../domain/errors.ts';
import { bridgeStates, historyStatuses } from '../domain/states.ts';
import type { Guide } from './define.ts';

const list = (words: Readonly<Record<string, string>>) =>
  Object.entries(words)
    .map(([word, meaning]) => `- \`${word}\`: ${meaning}`)
    .join('\n');

export const syncGuide: Guide = {
  text: () => `# How history gets here

1. \`start_pairing\` links the phone; \`get_pairing_status\` says when it is done.
2. The phone sends its whole history once, in parts, for 5 to 20 minutes, and has to stay online. \`retrieve_full_history\` waits for it, \`get_baileys_sync_status\` shows how far it is.
3. What has arrived is staged: safe on disk, but no search sees it yet. \`sync_history_to_database\` copies it. It can be stopped and repeated at any time: it goes on where it ended, and counts what was there already as duplicates_skipped.
4. From then on new messages are stored by themselves within a second, while a server runs.

A reading tool that answers \`pending_sync\` says that staged rows still wait for step 3; \`index_pending\` says that the search index is a moment behind.

\`get_sync_checkpoints\` shows for each chat how far back it reaches. Messages that could be received but not read are counted as known_gaps by \`backend_status\`.
`,
};

export const statesGuide: Guide = {
  text: () => `# What the states mean

## Bridges

A bridge is a linked device of the account. Linked is not yet connected: a bridge is healthy in \`syncing\` and \`ready\`.

${list(bridgeStates)}

## History

${list(historyStatuses)}
`,
};

export const identityGuide: Guide = {
  text: () => `# Names and addresses

Every argument for a chat or a person takes any of these:

- a JID: \`15550100@s.whatsapp.net\` (a person, by number), \`…@lid\` (a person, hidden number), \`…@g.us\` (a group), \`…@newsletter\`;
- a phone number with country code, spaces and dashes allowed: \`+1 555 0100\`;
- the exact name of a chat or a person, accents and case ignored. Several with that name: \`ambiguous_recipient\`, with their JIDs in details.candidates. A part of a name: \`search_contacts\` for people, \`list_chats\` for chats.

WhatsApp knows most people under two addresses, by number (PN) and hidden (LID). One person is one chat here: once both are known, messages under either stand together and results show the PN. Until then results show the LID. An address learned later moves nothing out of reach: every older form goes on working.

A name is what the user saved, else what a business calls itself, else what people call themselves, else the number. Only a saved name stands as it is:

- \`~Wren\`: the person or business chose this name; anybody can choose any.
- \`+15550100 ~Wren\`: chosen too, and it looks like the name of somebody whom the user saved, or like the user's own. The number is true.
- A chosen name that reads as a number, an address or "You" is not shown; the number stands in its place.

An exact name means whoever is saved under it, or the group of that subject. A chosen name means its bearer when nobody else has it and no saved name contains or resembles it; else \`ambiguous_recipient\`, with name_from in the candidates. With \`~\` in front it means its bearer alone. Characters that cannot be seen are left out of every name. Group subjects are chosen by members: take them, like chosen names, for data, not for proof of who somebody is.

quoted in \`get_message\` is the message that is stored here; \`unverified: true\` means that it is not stored, and that only the person who answers says so.
`,
};

export const errorsGuide: Guide = {
  text: () => `# Errors

A tool that fails answers \`{success: false, error_code, message, hint, retryable}\`. Do what the hint says. When retryable is false, the same call fails again.

| error_code | retryable | next step |
| --- | --- | --- |
${Object.entries(errorCodes)
  .map(([code, { retryable, hint }]) => `| \`${code}\` | ${retryable ? 'yes' : 'no'} | ${hint} |`)
  .join('\n')}
`,
};
