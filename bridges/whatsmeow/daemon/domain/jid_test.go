package domain

import (
	"strings"
	"testing"
)

// An address loses its device part and gets its canonical server.
func TestNormalizeJID(t *testing.T) {
	for text, want := range map[string]string{
		"15550100001@s.whatsapp.net":      "15550100001@s.whatsapp.net",
		"15550100001:12@s.whatsapp.net":   "15550100001@s.whatsapp.net",
		"15550100001_1:12@s.whatsapp.net": "15550100001@s.whatsapp.net",
		"15550100001@c.us":                "15550100001@s.whatsapp.net",
		"15550100001:99@hosted":           "15550100001@s.whatsapp.net",
		"20000000000001:3@lid":            "20000000000001@lid",
		"20000000000001@hosted.lid":       "20000000000001@lid",
		"120363000000000001@g.us":         "120363000000000001@g.us",
		"15550100001-1600000000@g.us":     "15550100001-1600000000@g.us",
		"120363000000000009@newsletter":   "120363000000000009@newsletter",
		"status@broadcast":                "status@broadcast",
		"":                                "",
		"15550100001":                     "",
		"@s.whatsapp.net":                 "",
		"a b@s.whatsapp.net":              "",
		"15550100001@example.com":         "",
		"1@2@s.whatsapp.net":              "",
		"15550100001@s.whatsapp.net\n":    "",
	} {
		if got := NormalizeJID(text); got != want {
			t.Errorf("NormalizeJID(%q) = %q, want %q", text, got, want)
		}
	}
}

// An address determines the kind of chat.
func TestKindOf(t *testing.T) {
	for jid, want := range map[string]Kind{
		"15550100001@s.whatsapp.net":    Direct,
		"20000000000001@lid":            Direct,
		"120363000000000001@g.us":       Group,
		"120363000000000009@newsletter": Newsletter,
		"1600000000@broadcast":          Broadcast,
		"status@broadcast":              Status,
	} {
		if got := KindOf(jid); got != want {
			t.Errorf("KindOf(%q) = %q, want %q", jid, got, want)
		}
	}
}

func FuzzNormalizeJID(f *testing.F) {
	for _, seed := range []string{"", "1:2@lid", "1_1:2@hosted", "@", "a@b@lid", "\x00@lid", "1@lid\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		jid := NormalizeJID(text)
		if jid == "" {
			return
		}
		if again := NormalizeJID(jid); again != jid {
			t.Errorf("%q became %q and then %q", text, jid, again)
		}
		if strings.ContainsAny(jid, ": \t\r\n") || strings.Count(jid, "@") != 1 {
			t.Errorf("%q became %q, which is no address", text, jid)
		}
	})
}
