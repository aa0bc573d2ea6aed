import type { Simulator } from '../../../src/simulator/simulator.ts';
import type { Answer } from '../e2e/client.ts';

/** The participants: a contact with both addresses, and a group of several; and the messages sent so far, by name. */
export interface Scene {
  simulator: Simulator;
  me: { pn: string; lid: string };
  pn: string;
  lid: string;
  group: string;
  members: [string, string];
  ids: Record<string, string>;
}

export function sceneOf(simulator: Simulator): Scene {
  const { me, people, chats } = simulator.world;
  const person = people.find(({ pn, lid, business }) => pn && lid && !business);
  const group = chats.find(
    ({ jid, participants = [], count }) => jid.endsWith('@g.us') && count > 0 && participants.length > 3,
  );
  const members = group?.participants?.filter((jid) => jid !== me.pn && jid !== me.lid);
  if (!person?.pn || !person.lid || !group || !members?.[1]) throw new Error('this world is too small');
  const [one, other] = members as [string, string];
  return { simulator, me, pn: person.pn, lid: person.lid, group: group.jid, members: [one, other], ids: {} };
}

/** An event on the wire, and the tool call whose answer must show it. */
export interface LiveCase {
  what: string;
  act(scene: Scene): unknown;
  tool: string;
  args(scene: Scene): Answer;
  shows(scene: Scene): unknown;
}

export const secondOf = (offset: number) => Math.floor(Date.now() / 1000) + offset;
