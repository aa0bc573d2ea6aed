import { describe, expect, it } from 'vitest';
import type { Member, MemberRole } from '../../../src/domain/chat.ts';
import { openReader } from '../../../src/store/open-reader.ts';
import { ada, type Bed, ben, eve, group, me, message, openBed } from '../../sync/fixtures.ts';

const word = (member: string, role: MemberRole, at: number): Member => ({ chatJid: group, member, role, at });

function shown(bed: Bed) {
  const reader = openReader(bed.paths);
  const { participants } = reader.chats.get(group);
  reader.close();
  return participants?.map(({ jid, name, role }) => `${name ?? jid} ${role}`) ?? null;
}

const open = async () => {
  const bed = openBed();
  bed.sink.onLinked(me);
  const contacts = [
    { jid: ada.pn, savedName: 'Ada' },
    { jid: ben.pn, pushName: 'Ben' },
    { jid: eve.pn, pushName: 'Eve' },
  ];
  bed.sink.ingest({ lane: 'live', contacts, messages: [message({ chatJid: group })] });
  await bed.run('live');
  return bed;
};

describe('the members of a group', () => {
  it('are unknown at first, and then listed with the admins first', async () => {
    const bed = await open();
    expect(shown(bed)).toBeNull();
    const members = [word(me.jid, 'member', 1), word(eve.pn, 'member', 1), word(ben.pn, 'admin', 1)];
    bed.sink.ingest({ lane: 'live', members });
    await bed.run('live');
    expect(shown(bed)).toEqual(['~Ben admin', '~Eve member', 'You member']);
  });

  it('have the role of the latest fact, in any order of arrival', async () => {
    const words = [
      [word(ada.pn, 'member', 1)],
      [word(ada.pn, 'admin', 3)],
      [word(ben.pn, 'left', 4), word(eve.pn, 'member', 2)],
      [word(ben.pn, 'member', 2)],
    ];
    for (const order of [words, words.toReversed()]) {
      const bed = await open();
      for (const members of order) {
        bed.sink.ingest({ lane: 'live', members });
        if (order === words) await bed.run('live');
      }
      await bed.run('live');
      expect(shown(bed)).toEqual(['Ada admin', '~Eve member']);
    }
  });

  it('have left when a list of all does not name them, unless they joined later', async () => {
    const bed = await open();
    bed.sink.ingest({ lane: 'live', members: [word(ada.pn, 'member', 1), word(eve.pn, 'member', 9)] });
    bed.sink.ingest({
      lane: 'live',
      settings: [{ jid: group, membersAt: 5 }],
      members: [word(ben.pn, 'member', 5)],
    });
    await bed.run('live');
    expect(shown(bed)).toEqual(['~Ben member', '~Eve member']);
  });

  it('are people, with both addresses as one', async () => {
    const bed = await open();
    bed.sink.ingest({ lane: 'live', lidPairs: [ada, ben] });
    const members = [word(ada.pn, 'member', 1), word(ada.lid, 'admin', 2), word(ben.lid, 'member', 1)];
    bed.sink.ingest({ lane: 'live', members: [...members, word(ben.pn, 'left', 2)] });
    await bed.run('live');
    expect(shown(bed)).toEqual(['Ada admin']);
  });

  it('are staged with the other facts until their group exists', async () => {
    const bed = openBed();
    bed.sink.ingest({
      lane: 'live',
      settings: [{ jid: group, name: 'Club', archived: true }],
      members: [word(ada.pn, 'member', 1)],
    });
    await bed.run('live');
    expect(bed.rows('SELECT jid FROM chats')).toEqual([]);
    bed.sink.ingest({ lane: 'live', messages: [message({ chatJid: group })] });
    await bed.run('live');
    expect(bed.rows('SELECT name, archived FROM chats')).toEqual([{ name: 'Club', archived: 1 }]);
    expect(shown(bed)).toHaveLength(1);
  });
});
