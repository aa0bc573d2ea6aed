-- meta.store_id names this file among all others, so that a file which takes its place is noticed. Copies keep it.
INSERT INTO meta (key, value) VALUES ('store_id', lower(hex(randomblob(16)))) ON CONFLICT (key) DO NOTHING;
