/** The output of a tool that has ended; `status` is null after a signal. */
export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
  isTimeout: boolean;
}

/**
 * `read`: the database answered; `findings` need action, `notes` are vulnerabilities in code that we never call.
 * `unreachable`: the database did not answer. `broken`: the tool failed for another reason.
 */
export type Verdict =
  | { kind: 'read'; findings: string[]; notes: string[] }
  | { kind: 'unreachable'; reason: string }
  | { kind: 'broken'; reason: string };

/** Messages of npm and Go when a server does not answer, or a registry lacks this service. */
const networkWords =
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network timeout|no such host|connection refused|connection reset|i\/o timeout|TLS handshake timeout|network is unreachable|server misbehaving|unexpected status code: (404|405|403|407|5\d\d)/i;
/** Statuses of a registry without this service; a wrong request of ours would be 400. */
const withoutService = [403, 404, 405, 407, 501, 502, 503, 504];

const firstLine = (text: string): string => text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
const timeoutReason: Verdict = { kind: 'unreachable', reason: 'it did not answer in time' };

interface NpmReport {
  message?: string;
  statusCode?: number;
  auditReportVersion?: number;
  vulnerabilities?: Record<
    string,
    { severity: string; range: string; via: (string | { title: string; url: string })[] }
  >;
}

/** The verdict of `npm audit --json`, whose exit code 1 means a finding or an unreachable registry. */
export function verdictOfNpm({ stdout, stderr, isTimeout }: Outcome): Verdict {
  if (isTimeout) return timeoutReason;
  const report = parse<NpmReport>(stdout);
  if (report?.auditReportVersion === 2 && report.vulnerabilities) {
    const findings = Object.entries(report.vulnerabilities).map(([name, { severity, via }]) => {
      const titles = via.map((one) => (typeof one === 'string' ? `through ${one}` : `${one.title} (${one.url})`));
      return `${name}, ${severity}: ${titles.join('; ')}`;
    });
    return { kind: 'read', findings, notes: [] };
  }
  const reason = report?.message ?? firstLine(stderr);
  const isUnreachable = withoutService.includes(report?.statusCode ?? 0) || networkWords.test(reason);
  return { kind: isUnreachable ? 'unreachable' : 'broken', reason };
}

interface GoMessage {
  config?: unknown;
  osv?: { id: string; summary?: string };
  finding?: { osv: string; trace?: { module: string; version?: string; function?: string }[] };
}

/** The verdict of `govulncheck -format json`, whose exit code is 0 whenever it could check. */
export function verdictOfGo({ status, stdout, stderr, isTimeout }: Outcome): Verdict {
  if (isTimeout) return timeoutReason;
  if (status !== 0) {
    const reason = firstLine(stderr.replace(/^exit status \d+\s*$/m, ''));
    return { kind: networkWords.test(reason) ? 'unreachable' : 'broken', reason };
  }
  const messages = stdout.split(/^(?=\{$)/m).flatMap((text) => parse<GoMessage>(text) ?? []);
  if (!messages.some(({ config }) => config)) return { kind: 'broken', reason: 'it said nothing that can be read' };
  const summaries = new Map(messages.flatMap(({ osv }) => (osv ? [[osv.id, osv.summary ?? ''] as const] : [])));
  const [called, present] = [new Set<string>(), new Set<string>()];
  for (const { finding } of messages) {
    const [at] = finding?.trace ?? [];
    if (finding && at) {
      const text = `${finding.osv} in ${at.module} ${at.version ?? ''}: ${summaries.get(finding.osv) ?? ''}`;
      (at.function === undefined ? present : called).add(text);
    }
  }
  return { kind: 'read', findings: [...called], notes: [...present].filter((text) => !called.has(text)) };
}

function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
