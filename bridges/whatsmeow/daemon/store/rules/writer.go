// Package rules is how rows of messages.db follow from what arrived: identity, merges, edits, deletions, unread counts. The
// Node program (src/store/write) keeps the same rules; the fixtures of both hold them to each other.
package rules

import "whatsapp-hybrid-mcp/wa-bridge/sqlite"

// args are the named parameters of a statement.
type args = sqlite.Args

// Writer applies the rules on a connection, inside of the caller's transaction unless a method says otherwise.
type Writer struct{ *sqlite.Conn }
