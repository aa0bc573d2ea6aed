-- Contacts and their names.

-- name: insert_contact
INSERT INTO main.contacts (jid, pn, lid) VALUES (@jid, @pn, @lid)

-- name: update_contact
UPDATE main.contacts SET saved_name = coalesce(@saved_name, saved_name),
  push_name = coalesce(@push_name, push_name), business_name = coalesce(@business_name, business_name)
WHERE id = @id

-- Names by the address they arrived under, so that the names of two people can be separated again.
-- name: note_names
INSERT INTO main.contact_names (address, saved_name, push_name, business_name)
VALUES (@jid, @saved_name, @push_name, @business_name)
ON CONFLICT (address) DO UPDATE SET saved_name = coalesce(excluded.saved_name, saved_name),
  push_name = coalesce(excluded.push_name, push_name),
  business_name = coalesce(excluded.business_name, business_name)

-- Keeps only the names of a contact's remaining address.
-- name: restore_names
UPDATE main.contacts SET
  saved_name = (SELECT saved_name FROM main.contact_names WHERE address = contacts.jid),
  push_name = (SELECT push_name FROM main.contact_names WHERE address = contacts.jid),
  business_name = (SELECT business_name FROM main.contact_names WHERE address = contacts.jid)
WHERE id = @id

-- name: fill_contact
UPDATE main.contacts AS kept SET
  saved_name = coalesce(kept.saved_name, gone.saved_name),
  push_name = coalesce(kept.push_name, gone.push_name),
  business_name = coalesce(kept.business_name, gone.business_name)
FROM main.contacts AS gone WHERE kept.id = @kept AND gone.id = @gone
