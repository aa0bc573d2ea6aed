import { describe, expect, test } from 'vitest';
import { hasDisplay, openBrowser } from '../../src/cli/browser.ts';

describe('A browser can show itself', () => {
  test.each([
    ['on a Mac', 'darwin', {}, true],
    ['on Windows', 'win32', {}, true],
    ['under X', 'linux', { DISPLAY: ':0' }, true],
    ['under Wayland', 'linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['from Linux inside Windows', 'linux', { WSL_DISTRO_NAME: 'Debian' }, true],
    ['not without a display', 'linux', { DISPLAY: '' }, false],
    ['not at the far end of a connection', 'darwin', { SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' }, false],
    ['not even where X is forwarded', 'linux', { SSH_TTY: '/dev/pts/1', DISPLAY: 'localhost:10.0' }, false],
  ] as const)('%s', (_, platform, env, shown) => {
    expect(hasDisplay({ platform, env })).toBe(shown);
  });
});

test('The browser is not looked for without a display', async () => {
  expect(await openBrowser('http://127.0.0.1:1/x/', { platform: 'linux', env: {} })).toBe(false);
});
