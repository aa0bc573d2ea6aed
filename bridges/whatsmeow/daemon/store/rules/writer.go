// Package rules applies what arrives to messages.db: identity, merges, edits, deletions, unread counts. The Node
// program (src/store/write) has the same rules; shared fixtures compare the two.
package rules

import "whatsapp-hybrid-mcp/wa-bridge/sqlite"

// args are the named parameters of a statement.
type args = sqlite.Args

// Writer applies the rules on a connection, in the caller's transaction unless a method says otherwise.
type Writer struct{ *sqlite.Conn }
