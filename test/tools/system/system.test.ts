import qrCode from 'qrcode';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.ts';
import { connect } from '../../support/fakes/connect.ts';
import { fakeBridge, fakeBridges } from '../../support/fakes/fake-bridge.ts';
import { fakeServices, fakeStore, historyProgress } from '../../support/fakes/fake-services.ts';
import { shown } from '../../support/rows/shown.ts';

const history = {
  progress: () =>
    historyProgress({
      progressPercent: 78.25,
      messagesSynced: 6543,
      chatsSynced: 50,
      lastChunkAt: Date.parse('2026-11-20T12:00:00Z'),
      missingParts: 0,
    }),
  pendingRows: () => 0,
};

describe('backend_status', () => {
  it('connects the linked bridges and carries every field of the contract', async () => {
    const baileys = fakeBridge('baileys', 'syncing');
    const { succeed } = await connect(fakeServices({ bridges: fakeBridges(baileys), history }));
    const status = await succeed('backend_status');
    expect(baileys.asked).toEqual(['connect']);
    expect(status).toMatchObject({
      success: true,
      overall_status: 'healthy',
      go_bridge: { healthy: false, state: 'not_configured', linked: false },
      baileys_bridge: { healthy: true, connected: true, syncing: true, messages_synced: 6543, progress_percent: 78.25 },
      database: { healthy: true, path: 'messages.db', schema_version: 1, total_messages: 1 },
    });
    for (const unknown of ['url', 'jid', 'version', 'latency_ms'])
      expect(status['go_bridge']).not.toHaveProperty(unknown);
    expect(status).not.toHaveProperty('same_account');
    expect(status).not.toHaveProperty('next_step');
  });

  it('says what to do when no phone is linked', async () => {
    const { succeed } = await connect(fakeServices({ bridges: fakeBridges(fakeBridge('baileys', 'unlinked')) }));
    const status = await succeed('backend_status');
    expect(status).toMatchObject({ overall_status: 'unhealthy', next_step: expect.stringContaining('start_pairing') });
  });

  it('names the process that has the connection, and says so as the next step', async () => {
    const owner = { pid: 4711, since: '2026-11-20T12:00:00.000Z' };
    const baileys = fakeBridge('baileys', 'down');
    baileys.become('down', { owner, message: 'Process 4711 has the connection.' });
    const { succeed } = await connect(fakeServices({ bridges: fakeBridges(baileys) }));
    const status = await succeed('backend_status');
    expect(status['baileys_bridge']).toMatchObject({ owner });
    expect(status['next_step']).toContain('4711');
    baileys.become('ready');
    expect((await succeed('backend_status'))['baileys_bridge']).not.toHaveProperty('owner');
  });

  it('counts the messages that nobody could read', async () => {
    const baileys = fakeBridge('baileys', 'ready');
    const { succeed } = await connect(fakeServices({ bridges: fakeBridges(baileys) }));
    expect((await succeed('backend_status'))['baileys_bridge']).toMatchObject({ known_gaps: 0 });
    baileys.become('ready', { gaps: 3 });
    expect((await succeed('backend_status'))['baileys_bridge']).toMatchObject({ known_gaps: 3 });
  });

  it('names settings that could not be read, and what to do about them', async () => {
    const baileys = fakeBridge('baileys', 'ready');
    const { succeed } = await connect(fakeServices({ bridges: fakeBridges(baileys) }));
    const whole = await succeed('backend_status');
    expect(whole['baileys_bridge']).not.toHaveProperty('missing_settings');
    expect(whole).not.toHaveProperty('next_step');
    const lack = { what: 'names from the address book', reason: 'the phone has not shared the key' };
    baileys.become('ready', { missingSettings: [{ ...lack, since: Date.UTC(2026, 10, 20) }] });
    const status = await succeed('backend_status');
    const since = '2026-11-20T00:00:00.000Z';
    expect(status['baileys_bridge']).toMatchObject({ missing_settings: [{ ...lack, since }] });
    expect(status).toMatchObject({ overall_status: 'healthy', next_step: expect.stringContaining('phone') });
  });

  it('answers although the database does not', async () => {
    const store = fakeStore();
    const broken = { healthy: false, path: 'messages.db', schema_version: 0, total_messages: 0, message: 'too new' };
    store.health = () => broken;
    const { succeed } = await connect(fakeServices({ store }));
    expect(await succeed('backend_status')).toMatchObject({ overall_status: 'degraded', database: broken });
  });
});

describe('get_baileys_sync_status', () => {
  it('tells how far the history has arrived, and goes on receiving it', async () => {
    const baileys = fakeBridge('baileys', 'syncing');
    const { succeed } = await connect(fakeServices({ bridges: fakeBridges(baileys), history }));
    expect(await succeed('get_baileys_sync_status')).toEqual({
      success: true,
      syncing: true,
      progress_percent: 78.25,
      messages_synced: 6543,
      chats_synced: 50,
      status: 'in_progress',
      sync_type: 'full',
      last_sync_time: '2026-11-20T12:00:00.000Z',
      connected: true,
    });
    expect(baileys.asked).toEqual(['connect']);
  });

  it('does not wait for a connection that takes its time', async () => {
    const baileys = fakeBridge('baileys', 'connecting');
    baileys.connect = () => new Promise(() => {});
    const { succeed } = await connect(fakeServices({ bridges: fakeBridges(baileys) }));
    expect(await succeed('get_baileys_sync_status')).toMatchObject({ connected: false });
  });
});

const waitingForScan = {
  state: 'pairing' as const,
  flow_id: 'a',
  qr: `2@abcd,${Array(3).fill('A'.repeat(43)).join('=,')}=`,
  expires_at: '2026-11-20T12:01:00Z',
  message: null,
};

describe('linking a phone', () => {
  const bridges = () => {
    const inputs: unknown[] = [];
    const baileys = fakeBridge('baileys', 'unlinked', {
      'connection.pair': async (input) => {
        inputs.push(input);
        return waitingForScan;
      },
      'connection.pairing_status': async () => ({ state: 'syncing', message: null }),
      'connection.cancel_pairing': async () => ({ state: 'unlinked' }),
      'connection.logout': async () => ({ state: 'unlinked', was_linked: true }),
    });
    return { baileys, inputs, services: fakeServices({ bridges: fakeBridges(baileys) }) };
  };

  it('start_pairing shows the QR text, when it expires and what to do with it', async () => {
    const { services, inputs } = bridges();
    const { succeed } = await connect(services);
    expect(await succeed('start_pairing', { bridge: 'baileys', method: 'qr', phone: null })).toEqual({
      success: true,
      ...shown(waitingForScan),
      page_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//),
      next_step: expect.stringContaining('get_pairing_status'),
      served_by: 'baileys',
    });
    expect(inputs).toEqual([{ method: 'qr' }]);
  });

  it('start_pairing passes a number to any bridge in E.164, and none that is no whole number', async () => {
    const { services, inputs } = bridges();
    const { succeed, fail } = await connect(services);
    await succeed('start_pairing', { method: 'code', phone: '+1 555 010-0001' });
    for (const bridge of ['baileys', 'whatsmeow']) {
      const refused = await fail('start_pairing', { bridge, method: 'code', phone: '+44 (0) 20 7946 0123' });
      expect(refused).toHaveProperty('error_code', 'invalid_input');
    }
    expect(inputs).toEqual([{ method: 'code', phone: '+15550100001' }]);
  });

  it('shows the QR code as a picture too, and no picture where there is no QR code', async () => {
    const { services, baileys } = bridges();
    const { call } = await connect(services);
    const [text, picture] = (await call('start_pairing')).content;
    expect(text).toMatchObject({ type: 'text' });
    expect(picture).toMatchObject({ type: 'image', mimeType: 'image/png' });
    const png = Buffer.from((picture as { data: string }).data, 'base64');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const { modules } = qrCode.create(waitingForScan.qr, { errorCorrectionLevel: 'L' });
    expect(png.readUInt32BE(16)).toBe((modules.size + 8) * 6); // with a margin of four squares on each side
    expect((await call('get_pairing_status')).content).toHaveLength(1);
    expect(baileys.asked).toEqual(['connection.pair', 'connection.pairing_status']);
  });

  it('get_pairing_status says that the phone is linked, and what comes next', async () => {
    const { succeed } = await connect(bridges().services);
    expect(await succeed('get_pairing_status')).toMatchObject({
      state: 'syncing',
      served_by: 'baileys',
      next_step: expect.stringContaining('retrieve_full_history'),
    });
  });

  it('cancel_pairing answers the state after it', async () => {
    const { succeed } = await connect(bridges().services);
    expect(await succeed('cancel_pairing')).toEqual({ success: true, state: 'unlinked', served_by: 'baileys' });
  });

  it('logout_device says whether a phone was linked, and goes to the bridge that was named', async () => {
    const { services, baileys } = bridges();
    const { succeed, fail } = await connect(services);
    const answer = { success: true, state: 'unlinked', was_linked: true, served_by: 'baileys' };
    expect(await succeed('logout_device')).toEqual(answer);
    expect(await fail('logout_device', { bridge: 'whatsmeow' })).toMatchObject({ error_code: 'not_supported' });
    expect(baileys.asked).toEqual(['connection.logout']);
  });

  it('never goes to another bridge than the one that was named', async () => {
    const { services, baileys } = bridges();
    const { fail } = await connect(services);
    expect(await fail('start_pairing', { bridge: 'whatsmeow' })).toMatchObject({ error_code: 'not_supported' });
    expect(baileys.asked).toEqual([]);
  });

  it('passes on why a bridge refuses', async () => {
    const baileys = fakeBridge('baileys', 'down', {
      'connection.pair': async () => {
        throw new AppError('bridge_unavailable', 'Another process owns the linked device.');
      },
    });
    const { fail } = await connect(fakeServices({ bridges: fakeBridges(baileys) }));
    expect(await fail('start_pairing')).toMatchObject({
      error_code: 'bridge_unavailable',
      message: 'Another process owns the linked device.',
      retryable: true,
    });
  });
});
