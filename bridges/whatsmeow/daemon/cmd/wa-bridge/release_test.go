//go:build !simulator

package main

import (
	"flag"
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// redirects lists the library's ways to another server, or to trust one.
var redirects = []string{"WACertPubKey", "SetWebsocketHTTPClient", "SetPreLoginHTTPClient", "SetMediaHTTPClient", "SetProxy"}

func TestOnlyTheSimulatorsBuildCanBeLedToAnotherWhatsApp(t *testing.T) {
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		built, err := build.Default.MatchFile(filepath.Dir(path), filepath.Base(path))
		for _, word := range redirects {
			if built && strings.Contains(string(text), word) {
				t.Errorf("%s is part of a release and has %s", path, word)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	var from string
	simulatorFlag(flags, &from)
	if flags.Lookup("simulator") != nil {
		t.Error("a release has the flag")
	}
}
