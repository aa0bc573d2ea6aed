import type { BridgeState } from '../../domain/states.ts';
import { type Check, type Finding, fail, ok, warn } from './check.ts';

const link = 'Run `whatsapp-hybrid-mcp login --bridge whatsmeow`.';

/** The fix for each state without an answer; other states are fine or carry their own message. */
const fixes: Partial<Record<BridgeState, string>> = {
  logged_out: link,
  replaced: `End the other program with the same data, or remove the device on the phone. Then: ${link}`,
  restricted: 'Open WhatsApp on the phone for details.',
  outdated: 'Update whatsapp-hybrid-mcp, and start wa-bridge anew: `whatsapp-hybrid-mcp bridge run`.',
  degraded: 'Look again in a minute; the log of wa-bridge says more.',
};

/** The check of the second bridge: whether it answers, has the right version, knows our token and is linked. */
export const waBridge: Check = {
  name: 'wa-bridge',
  async run(site) {
    if (site.config.bridge === 'baileys') return ok('Left out by WHATSAPP_BRIDGE.');
    const { state, message, remote } = await site.waBridge();
    const isNamed = site.config.bridge === 'whatsmeow' || site.config.bridgeUrl !== null;
    if (state === 'not_configured') {
      return isNamed && message !== null ? inTwo(message) : ok('Not set up; Baileys does without it.');
    }
    if (state === 'unlinked') return warn('It runs, and no phone is linked to it.', link);
    const said = message ?? `${state} on ${remote?.url ?? 'this machine'}.`;
    if (['ready', 'syncing', 'connecting', 'pairing'].includes(state)) return ok(`${state} on ${remote?.url}.`);
    if (state === 'down') return inTwo(said);
    const fix = fixes[state] ?? 'Run `whatsapp-hybrid-mcp status`.';
    return state === 'degraded' ? warn(`${state}: ${said}`, fix) : fail(`${state}: ${said}`, fix);
  },
};

/** The first sentence is the fault, the rest the fix. */
function inTwo(message: string): Finding {
  const [what = message, ...steps] = message.split(/(?<=\.) (?=[A-Z])/);
  return fail(what, steps.join(' ') || 'See the log of wa-bridge.');
}
