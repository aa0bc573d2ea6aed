package domain

import (
	"testing"
	"unicode/utf8"
)

func TestValidText(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"valid":                      {"a\u00e9\u20ac😀\ufffd", "a\u00e9\u20ac😀\ufffd"},
		"empty":                      {"", ""},
		"stray bytes":                {"\xff\xfea", "\ufffd\ufffda"},
		"lone continuation":          {"\x80a", "\ufffda"},
		"half of a surrogate pair":   {"\xed\xa0\x80a", "\ufffd\ufffd\ufffda"},
		"three bytes break off":      {"\xe2\x82a", "\ufffda"},
		"four bytes break off":       {"\xf0\x9f\x98a", "\ufffda"},
		"four bytes break off twice": {"\xf0\x9f\xf0\x9f\x98", "\ufffd\ufffd"},
		"breaks off at the end":      {"a\xf0\x9f", "a\ufffd"},
		"overlong of two":            {"\xc0\xaf", "\ufffd\ufffd"},
		"overlong of three":          {"\xe0\x80\x80", "\ufffd\ufffd\ufffd"},
		"overlong of four":           {"\xf0\x80\x80\x80", "\ufffd\ufffd\ufffd\ufffd"},
		"beyond Unicode":             {"\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd"},
		"five bytes":                 {"\xf8\x88\x80\x80\x80", "\ufffd\ufffd\ufffd\ufffd\ufffd"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ValidText(test.text); got != test.want || !utf8.ValidString(got) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
