// Package domain holds what both programs mean by their words: addresses, messages, states and errors.
package domain

import (
	"regexp"
	"strings"
)

// Kind is what an address names.
type Kind string

// The kinds of chat that messages.db knows.
const (
	Direct     Kind = "direct"
	Group      Kind = "group"
	Community  Kind = "community"
	Newsletter Kind = "newsletter"
	Broadcast  Kind = "broadcast"
	Status     Kind = "status"
)

// StatusAddress is where stories come from; it is no chat.
const StatusAddress = "status@broadcast"

var address = regexp.MustCompile(
	`^([^@:_\s]+)(?:_\d+)?(?::\d+)?@(s\.whatsapp\.net|c\.us|lid|g\.us|newsletter|broadcast|hosted|hosted\.lid)$`)

// servers are the names that mean the same as another one.
var servers = map[string]string{"c.us": "s.whatsapp.net", "hosted": "s.whatsapp.net", "hosted.lid": "lid"}

// NormalizeJID gives the address of a chat or person without its device part, or "" when the text is no address.
func NormalizeJID(text string) string {
	match := address.FindStringSubmatch(text)
	if match == nil {
		return ""
	}
	server := match[2]
	if other, ok := servers[server]; ok {
		server = other
	}
	return match[1] + "@" + server
}

// IsPN tells whether an address is a phone number's.
func IsPN(jid string) bool { return strings.HasSuffix(jid, "@s.whatsapp.net") }

// IsLID tells whether an address is a hidden identity.
func IsLID(jid string) bool { return strings.HasSuffix(jid, "@lid") }

// IsGroup tells whether an address is a group's; a community cannot be told from a group by it.
func IsGroup(jid string) bool { return strings.HasSuffix(jid, "@g.us") }

// IsBroadcast tells whether an address is a broadcast list's.
func IsBroadcast(jid string) bool { return strings.HasSuffix(jid, "@broadcast") }

// KindOf says what kind of chat an address names.
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
