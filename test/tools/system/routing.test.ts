import { describe, expect, it } from 'vitest';
import { connect } from '../../support/fakes/connect.ts';
import { fakeBridge, fakeBridges } from '../../support/fakes/fake-bridge.ts';
import { fakeServices } from '../../support/fakes/fake-services.ts';
import { shown } from '../../support/rows/shown.ts';

describe('get_routing_info', () => {
  it('tells who would answer, asking no bridge', async () => {
    const full = async () => ({ state: 'ready' as const, pending_chunks: 0 });
    const baileys = fakeBridge('baileys', 'ready', { 'history.full': full });
    const { succeed } = await connect(fakeServices({ bridges: fakeBridges(baileys) }));
    const { operations } = (await succeed('get_routing_info')) as { operations: { operation: string }[] };
    expect(operations.find(({ operation }) => operation === 'history.full')).toMatchObject({ served_by: 'baileys' });
    expect(operations.length).toBeGreaterThan(1);
    expect(baileys.asked).toEqual([]);
  });

  it('tells of one operation only, and refuses one that is none', async () => {
    const { succeed, fail } = await connect();
    expect(await succeed('get_routing_info', { operation: 'connection.pair' })).toMatchObject(
      shown({
        operations: [{ operation: 'connection.pair', addressed: true, served_by: null }],
      }),
    );
    expect(await fail('get_routing_info', { operation: 'fly' })).toMatchObject({ error_code: 'invalid_input' });
  });
});
