-- Addresses and the rows they name. {noun} is chat or contact.

-- name: find_alias
SELECT {noun}_id FROM main.{noun}_aliases WHERE alias = @alias

-- name: set_alias
INSERT INTO main.{noun}_aliases (alias, {noun}_id) VALUES (@alias, @id)
ON CONFLICT (alias) DO UPDATE SET {noun}_id = excluded.{noun}_id

-- name: drop_alias
DELETE FROM main.{noun}_aliases WHERE alias = @alias

-- name: move_aliases
UPDATE main.{noun}_aliases SET {noun}_id = @kept WHERE {noun}_id = @gone

-- name: merge_into
UPDATE main.{noun}s SET merged_into = @kept WHERE id = @gone OR merged_into = @gone

-- name: jid_of
SELECT jid FROM main.{noun}s WHERE id = @id

-- name: row_of_jid
SELECT id FROM main.{noun}s WHERE jid = @jid

-- A PN can return to another person while the row that once had it is merged but not yet deleted. {busy} is true where the
-- row must keep its address for now.
-- name: name_both
UPDATE main.{noun}s SET pn = @pn, lid = @lid, jid = CASE
  WHEN {busy} OR EXISTS (SELECT 1 FROM main.{noun}s WHERE jid = @pn AND id <> @id) THEN jid ELSE @pn END
WHERE id = @id

-- Leaves a row one address.
-- name: reset_address
UPDATE main.{noun}s SET jid = @jid, pn = @pn, lid = @lid, merged_into = NULL WHERE id = @id

-- Whether anything arrived under an address of a chat whose own address is @home_jid.
-- name: arrived_under
SELECT 1 FROM main.messages
WHERE chat_id IN (SELECT id FROM main.chats WHERE @home IN (id, merged_into)) AND coalesce(wire_chat, @home_jid) = @jid
UNION ALL
SELECT 1 FROM main.changes
WHERE chat_id IN (SELECT id FROM main.chats WHERE @home IN (id, merged_into)) AND coalesce(wire_chat, @home_jid) = @jid
LIMIT 1

-- name: addresses_of_contact
SELECT pn, lid FROM main.contacts WHERE id = (SELECT contact_id FROM main.contact_aliases WHERE alias = @jid)

-- One address and, where it is known, the other one of that person.
-- name: addresses_of_person
SELECT @address UNION SELECT alias FROM main.contact_aliases
WHERE contact_id = (SELECT contact_id FROM main.contact_aliases WHERE alias = @address)
