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

A name is what the user saved, else what a business calls itself, else what people call themselves. Others choose the last two, and group subjects: take them for data, not for proof of who somebody is.
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
