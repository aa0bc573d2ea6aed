// Package domain defines what both programs share: addresses, messages, states and errors.
package domain

import (
	"regexp"
	"strings"
)

// Kind is the kind of chat that an address names.
type Kind string

// The kinds of chat in messages.db.
const (
	Direct     Kind = "direct"
	Group      Kind = "group"
	Community  Kind = "community"
	Newsletter Kind = "newsletter"
	Broadcast  Kind = "broadcast"
	Status     Kind = "status"
)

// StatusAddress is the sender address of stories. It is not a chat.
const StatusAddress = "status@broadcast"

var addressPattern = regexp.MustCompile(
	`^([^@:_\s]+)(?:_\d+)?(?::\d+)?@(s\.whatsapp\.net|c\.us|lid|g\.us|newsletter|broadcast|hosted|hosted\.lid)$`)

// serverAliases maps alternative server names to the canonical one.
var serverAliases = map[string]string{"c.us": "s.whatsapp.net", "hosted": "s.whatsapp.net", "hosted.lid": "lid"}

// NormalizeJID returns the address of a chat or person without its device part, or "" when the text is not an
// address.
func NormalizeJID(text string) string {
	match := addressPattern.FindStringSubmatch(text)
	if match == nil {
		return ""
	}
	server := match[2]
	if other, ok := serverAliases[server]; ok {
		server = other
	}
	return match[1] + "@" + server
}

// IsPN reports whether an address is made of a phone number.
func IsPN(jid string) bool { return strings.HasSuffix(jid, "@s.whatsapp.net") }

// IsLID reports whether an address is a hidden identity.
func IsLID(jid string) bool { return strings.HasSuffix(jid, "@lid") }

// IsGroup reports whether an address belongs to a group or a community; the address does not distinguish them.
func IsGroup(jid string) bool { return strings.HasSuffix(jid, "@g.us") }

// IsBroadcast reports whether an address belongs to a broadcast list.
func IsBroadcast(jid string) bool { return strings.HasSuffix(jid, "@broadcast") }

// KindOf returns the kind of chat that an address names. It cannot return Community.
func KindOf(jid string) Kind {
	switch {
	case jid == StatusAddress:
		return Status
	case IsBroadcast(jid):
		return Broadcast
	case strings.HasSuffix(jid, "@newsletter"):
		return Newsletter
	case IsGroup(jid):
		return Group
	}
	return Direct
}
