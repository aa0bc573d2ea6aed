package domain

import (
	"strings"
	"unicode/utf8"
)

// ValidText returns text in valid UTF-8. Each part that is not UTF-8 becomes one U+FFFD, as the Node program's
// decoder does it (the WHATWG Encoding standard): a sequence that breaks off is one part, any other wrong byte is a
// part of its own.
func ValidText(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	var valid strings.Builder
	for len(text) > 0 {
		char, size := utf8.DecodeRuneInString(text)
		if char == utf8.RuneError && size == 1 {
			size = brokenOff(text)
		}
		valid.WriteRune(char)
		text = text[size:]
	}
	return valid.String()
}

// brokenOff returns the length in bytes of the incomplete sequence at the start of text, at least 1.
func brokenOff(text string) int {
	size := 1
	for size < len(text) && size < utf8.UTFMax && !utf8.FullRuneInString(text[:size+1]) {
		size++
	}
	return size
}
