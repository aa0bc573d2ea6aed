import Database from 'better-sqlite3';

/**
 * A second process that writes messages.db as a live bridge does: 50 rows a second, open loop, each its own durable
 * commit. `live-writer.ts <messages.db>` runs until its stdin ends and prints {errors, p50, p95, max} in milliseconds,
 * counted from the moment each row was due.
 */
const [path = ''] = process.argv.slice(2);
const everyMs = 20;
const db = new Database(path, { timeout: 5000 });
db.pragma('synchronous = FULL');
db.prepare(
  "INSERT INTO chats (jid, kind) VALUES ('15559990000@s.whatsapp.net', 'direct') ON CONFLICT DO NOTHING",
).run();
const chat = db.prepare("SELECT id FROM chats WHERE jid = '15559990000@s.whatsapp.net'").pluck().get();
const insert = db.prepare(`
  INSERT INTO messages (chat_id, id, timestamp, from_me, type, content, source)
  VALUES (?, ?, ?, 0, 'text', 'live', 'whatsmeow')`);

const waits: number[] = [];
let errors = 0;
const begun = performance.now();
let written = 0;
const timer = setInterval(() => {
  while (begun + written * everyMs <= performance.now()) {
    const due = begun + written * everyMs;
    try {
      insert.run(chat, `LIVE-${process.pid}-${written}`, 1_700_000_000 + written);
    } catch {
      errors++;
    }
    written++;
    waits.push(performance.now() - due);
  }
}, 1);
process.stdout.write('ready\n');
process.stdin.resume().on('end', () => {
  clearInterval(timer);
  waits.sort((a, b) => a - b);
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0;
  process.stdout.write(`${JSON.stringify({ rows: written, errors, p50: at(0.5), p95: at(0.95), max: at(1) })}\n`);
  db.close();
});
